import Hashing
import Pipeline
import Testing

@Suite struct PlannerTests {
  static let inspect = StageDeclaration(
    name: StageName("inspect"), writes: .facts, reads: [.video: [.required(.source)]])
  static let captions = StageDeclaration(
    name: StageName("captions"), writes: .captions, reads: [.video: [.required(.facts), .optional(.sidecar)]])
  static let audio = StageDeclaration(
    name: StageName("audio"), writes: .audio,
    reads: [.video: [.required(.source), .required(.facts), .onlyWithout(.captions)]])
  static let transcribe = StageDeclaration(
    name: StageName("transcribe"), writes: .transcript,
    reads: [.video: [.required(.facts), .optional(.audio), .optional(.captions)]])
  static let passages = StageDeclaration(
    name: StageName("passages"), writes: .passages, reads: [.video: [.optional(.title), .optional(.transcript)]])

  let planner: Planner
  var asset: AssetState

  init() throws {
    let graph = try PipelineGraph([Self.passages, Self.transcribe, Self.audio, Self.captions, Self.inspect])
    planner = Planner(pipeline: graph, definitions: Definitions(everywhere: [:]))
    asset = AssetState(
      id: try AssetID(parsing: "one"), mediaType: .video, organisation: "default", lifecycle: .active,
      given: [.source: SHA256Digest(hashing: "film"), .title: SHA256Digest(hashing: "A film")])
  }

  func status(_ stage: StageDeclaration) -> StageStatus? { planner.plan(asset).statuses[stage.name] }

  /// Does what the planner says is ready, until nothing is.
  mutating func finish(empty: Set<ArtifactKind> = []) {
    while let name = planner.plan(asset).ready(in: planner.pipeline).first {
      record(planner.pipeline[name]!, isEmpty: empty.contains(planner.pipeline[name]!.writes))
    }
  }

  mutating func record(_ stage: StageDeclaration, content: String = "", isEmpty: Bool = false) {
    guard case .ready(let recipe) = status(stage) else {
      Issue.record("\(stage.name) is not ready but \(String(describing: status(stage)))")
      return
    }
    asset.artifacts[stage.writes] = ArtifactState(
      fingerprint: SHA256Digest(hashing: "\(stage.name)\(content)"), recipe: recipe, isEmpty: isEmpty)
  }

  @Test func `stages are ordered by what they read and write`() {
    #expect(planner.pipeline.stages.map(\.name.rawValue) == ["inspect", "captions", "audio", "transcribe", "passages"])
  }

  @Test mutating func `a draft and a tombstone plan to nothing`() {
    asset.lifecycle = .draft
    #expect(planner.plan(asset).statuses.isEmpty)
    asset.lifecycle = .deleted
    #expect(planner.plan(asset).isFinished)
  }

  @Test mutating func `a stage waits until its inputs are settled`() {
    #expect(status(Self.transcribe) == .waiting(for: [.facts, .audio, .captions]))
    record(Self.inspect)
    record(Self.captions, isEmpty: true)
    #expect(status(Self.transcribe) == .waiting(for: [.audio]))
    #expect(status(Self.audio)?.isReady == true)
  }

  @Test mutating func `captions make the audio stage not applicable, and what reads it goes on without`() {
    record(Self.inspect)
    record(Self.captions)
    #expect(status(Self.audio) == .notApplicable(.present(.captions)))
    #expect(status(Self.transcribe)?.isReady == true)
    #expect(planner.plan(asset).readyReaders(of: .captions, in: planner.pipeline) == [Self.transcribe.name])
  }

  @Test mutating func `a title edit makes only its readers stale`() {
    finish(empty: [.captions])
    #expect(planner.plan(asset).isFinished)
    asset.given[.title] = SHA256Digest(hashing: "Another")
    #expect(planner.plan(asset).ready(in: planner.pipeline) == [Self.passages.name])
  }

  @Test mutating func `a changed definition makes its stage outdated and nothing else`() throws {
    finish(empty: [.captions])
    let changed = Planner(
      pipeline: planner.pipeline,
      definitions: Definitions(everywhere: [Self.transcribe.name: SHA256Digest(hashing: "new model")]))
    let plan = changed.plan(asset)
    guard case .outdated(let recipe) = plan.statuses[Self.transcribe.name] else {
      Issue.record("not outdated")
      return
    }
    #expect(plan.ready(in: planner.pipeline).isEmpty)
    #expect(plan.statuses[Self.passages.name] == .upToDate(isPinned: false))
    asset.runs[Self.transcribe.name] = RunState(recipe: recipe, phase: .requested)
    #expect(changed.plan(asset).ready(in: planner.pipeline) == [Self.transcribe.name])
    #expect(changed.plan(asset).statuses[Self.passages.name] == .upToDate(isPinned: false))
  }

  @Test mutating func `a dead stage does not hold its optional readers back, and blocks what requires it`() {
    record(Self.inspect)
    record(Self.captions, isEmpty: true)
    guard case .ready(let recipe) = status(Self.audio) else { return }
    asset.runs[Self.audio.name] = RunState(recipe: recipe, phase: .dead)
    #expect(status(Self.transcribe)?.isReady == true)

    asset.artifacts = [:]
    guard case .ready(let inspection) = status(Self.inspect) else { return }
    asset.runs = [Self.inspect.name: RunState(recipe: inspection, phase: .dead)]
    #expect(status(Self.transcribe) == .blocked(by: .facts))
    #expect(status(Self.passages)?.isReady == true)
    #expect(planner.plan(asset).readyReaders(of: .facts, in: planner.pipeline) == [Self.passages.name])
  }

  @Test mutating func `what was given up stays given up when only its definition changes, until someone asks`() {
    record(Self.inspect)
    record(Self.captions, isEmpty: true)
    guard case .ready(let audio) = status(Self.audio) else { return }
    asset.runs[Self.audio.name] = RunState(recipe: audio, phase: .dead)
    finish()
    let changed = Planner(
      pipeline: planner.pipeline,
      definitions: Definitions(everywhere: [Self.audio.name: SHA256Digest(hashing: "another encoder")]))
    let plan = changed.plan(asset)
    guard case .dead(let wanted) = plan.statuses[Self.audio.name] else {
      Issue.record("not dead")
      return
    }
    #expect(plan.statuses[Self.transcribe.name] == .upToDate(isPinned: false))
    asset.runs[Self.audio.name] = RunState(recipe: wanted, phase: .requested)
    #expect(changed.plan(asset).ready(in: planner.pipeline) == [Self.audio.name])
  }

  @Test mutating func `an input made again alike leaves its reader up to date, and rings those who waited for that`() {
    finish()
    asset.given[.source] = SHA256Digest(hashing: "the film in another container")
    asset.given[.sidecar] = SHA256Digest(hashing: "subtitles")
    asset.given[.title] = SHA256Digest(hashing: "Another")
    record(Self.inspect)
    #expect(planner.plan(asset).ready(in: planner.pipeline) == [Self.captions.name])
    record(Self.captions)
    #expect(status(Self.transcribe) == .upToDate(isPinned: false))
    #expect(planner.plan(asset).readyReaders(of: .captions, in: planner.pipeline) == [Self.passages.name])
  }

  @Test func `who reads an artifact for other media types alone is not rung for it`() throws {
    let mixed = StageDeclaration(
      name: StageName("mixed"), writes: .labels, reads: [.video: [.required(.source)], .image: [.required(.facts)]])
    let graph = try PipelineGraph([Self.inspect, mixed])
    let plan = Planner(pipeline: graph, definitions: Definitions(everywhere: [:])).plan(asset)
    #expect(plan.statuses[mixed.name]?.isReady == true)
    #expect(plan.readyReaders(of: .facts, in: graph).isEmpty)
  }

  @Test mutating func `a result that an undone edit outran rings its own stage`() {
    finish()
    asset.given[.title] = SHA256Digest(hashing: "A slip")
    guard case .ready(let slip) = status(Self.passages) else { return }
    asset.given[.title] = SHA256Digest(hashing: "A film")
    #expect(status(Self.passages) == .upToDate(isPinned: false))
    asset.artifacts[.passages] = ArtifactState(fingerprint: SHA256Digest(hashing: "slip"), recipe: slip)
    let plan = planner.plan(asset)
    #expect(plan.announcements(after: Self.passages, in: planner.pipeline) == [Self.passages.name])
  }

  @Test mutating func `a pin outranks the stage until it is removed`() {
    finish(empty: [.captions])
    asset.pins[.transcript] = SHA256Digest(hashing: "what was really said")
    #expect(status(Self.transcribe) == .upToDate(isPinned: true))
    #expect(planner.plan(asset).ready(in: planner.pipeline) == [Self.passages.name])
    finish()
    asset.pins = [:]
    #expect(status(Self.transcribe) == .upToDate(isPinned: false))
    #expect(planner.plan(asset).ready(in: planner.pipeline) == [Self.passages.name])
  }

  @Test(arguments: [
    (RunState.Phase.running(isAlive: true), false), (.running(isAlive: false), true), (.parked(isDue: false), false),
    (.parked(isDue: true), true), (.dead, false), (.done, true), (.requested, true),
  ])
  mutating func `a run of the wanted recipe decides whether the stage is idle`(phase: RunState.Phase, isReady: Bool) {
    guard case .ready(let recipe) = status(Self.inspect) else { return }
    asset.runs[Self.inspect.name] = RunState(recipe: recipe, phase: phase)
    #expect(status(Self.inspect)?.isReady == isReady)
  }

  @Test mutating func `a run of another recipe decides nothing`() {
    guard case .ready(let recipe) = status(Self.inspect) else { return }
    let other = Recipe(inputs: SHA256Digest(hashing: "other"), definition: recipe.definition)
    asset.runs[Self.inspect.name] = RunState(recipe: other, phase: .dead)
    #expect(status(Self.inspect)?.isReady == true)
  }

  @Test func `what is no pipeline is refused with the reason`() {
    func stage(_ name: StaticString, _ writes: ArtifactKind, _ reads: [Input]) -> StageDeclaration {
      StageDeclaration(name: StageName(name), writes: writes, reads: [.text: reads])
    }
    let a = stage("a", .facts, [.required(.captions)])
    let b = stage("b", .captions, [.required(.facts)])
    #expect(throws: PipelineError.cycle([a.name, b.name])) { try PipelineGraph([a, b]) }
    #expect(throws: PipelineError.unwritten(.captions, readBy: a.name)) { try PipelineGraph([a]) }
    #expect(throws: PipelineError.twoWriters(of: .facts, a.name, StageName("c"))) {
      try PipelineGraph([a, stage("c", .facts, []), b])
    }
    #expect(throws: PipelineError.duplicateName(a.name)) { try PipelineGraph([a, a]) }
    #expect(throws: PipelineError.writesGiven(.title, by: StageName("t"))) {
      try PipelineGraph([stage("t", .title, [])])
    }
  }
}
