internal import Hashing

/// Says for each stage of an asset where it stands. A pure function of what the database holds: no clock, no I/O.
///
/// Inputs changed → stale, runs by itself. Only the definition changed → outdated, runs when someone says so. Both
/// equal → up to date. Everything else follows from that.
package struct Planner: Sendable {
  package let pipeline: PipelineGraph
  package let definitions: Definitions

  package init(pipeline: PipelineGraph, definitions: Definitions) {
    self.pipeline = pipeline
    self.definitions = definitions
  }

  package func plan(_ asset: AssetState) -> Plan {
    guard asset.lifecycle == .active else {
      return Plan(asset: asset.id, mediaType: asset.mediaType, statuses: [:], settled: [:])
    }
    var evaluation = Evaluation(asset: asset, stages: pipeline.stages.count)
    for stage in pipeline.stages {
      evaluation.evaluate(stage, definition: definitions.active(stage.name, for: asset.organisation))
    }
    return Plan(
      asset: asset.id, mediaType: asset.mediaType, statuses: evaluation.statuses, settled: evaluation.settled)
  }
}

/// One pass over the stages in topological order.
private struct Evaluation {
  let asset: AssetState
  var statuses: [StageName: StageStatus]
  /// What readers may rely on: a fingerprint, or nil for "settled and absent". Kinds that are not in it are not settled.
  var settled: [ArtifactKind: Fingerprint?]
  /// Settled as absent because the writer gave up: a reader that requires the kind is blocked.
  var lost: Set<ArtifactKind> = []
  var empty: Set<ArtifactKind> = []

  init(asset: AssetState, stages: Int) {
    self.asset = asset
    statuses = Dictionary(minimumCapacity: stages)
    settled = Dictionary(minimumCapacity: stages + ArtifactKind.given.count)
    for kind in ArtifactKind.given { settled.updateValue(asset.given[kind], forKey: kind) }
  }

  mutating func evaluate(_ stage: StageDeclaration, definition: SHA256Digest?) {
    let status = status(of: stage, definition: definition)
    statuses[stage.name] = status
    if let pin = asset.pins[stage.writes] {
      settled.updateValue(pin, forKey: stage.writes)
      return
    }
    let artifact = asset.artifacts[stage.writes]
    switch status {
    case .upToDate, .outdated:
      settled.updateValue(artifact?.fingerprint, forKey: stage.writes)
      if artifact?.isEmpty == true { empty.insert(stage.writes) }
    case .notApplicable:
      settled.updateValue(nil, forKey: stage.writes)
    case .dead, .blocked:
      settled.updateValue(nil, forKey: stage.writes)
      lost.insert(stage.writes)
    case .ready, .running, .parked:
      // Work on a merely outdated artifact takes nothing from its readers: they go on with what is there.
      if let artifact, let recipe = status.recipe, artifact.recipe.inputs == recipe.inputs {
        settled.updateValue(artifact.fingerprint, forKey: stage.writes)
        if artifact.isEmpty { empty.insert(stage.writes) }
      }
    case .waiting: break
    }
  }

  private func status(of stage: StageDeclaration, definition: SHA256Digest?) -> StageStatus {
    guard let reads = stage.reads[asset.mediaType] else { return .notApplicable(.mediaType) }
    if asset.pins[stage.writes] != nil { return .upToDate(isPinned: true) }
    if let obstacle = obstacle(among: reads) { return obstacle }
    let inputs = reads.reduce(into: [ArtifactKind: Fingerprint?]()) { inputs, input in
      inputs.updateValue(input.requirement == .onlyWithout ? nil : settled[input.kind] ?? nil, forKey: input.kind)
    }
    // Before its first row is written, a stage's own definition is the active one.
    let definition = definition ?? stage.definition.digest
    return status(of: stage, wanted: Recipe(inputs: Recipe.digest(of: inputs), definition: definition))
  }

  /// Why the stage cannot run for its inputs' sake; nil if it can.
  private func obstacle(among reads: [Input]) -> StageStatus? {
    for input in reads where input.requirement == .onlyWithout {
      if case .some(.some) = settled[input.kind], !empty.contains(input.kind) {
        return .notApplicable(.present(input.kind))
      }
    }
    for input in reads where input.requirement == .required {
      if case .some(.none) = settled[input.kind] {
        return lost.contains(input.kind) ? .blocked(by: input.kind) : .notApplicable(.missing(input.kind))
      }
    }
    let unsettled = reads.map(\.kind).filter { settled[$0] == nil }
    return unsettled.isEmpty ? nil : .waiting(for: unsettled)
  }

  private func status(of stage: StageDeclaration, wanted: Recipe) -> StageStatus {
    if asset.artifacts[stage.writes]?.recipe == wanted { return .upToDate(isPinned: false) }
    guard let run = asset.runs[stage.name], run.recipe == wanted else { return idleStatus(of: stage, wanted: wanted) }
    return switch run.phase {
    case .running(isAlive: true): .running(wanted)
    case .parked(isDue: false): .parked(wanted)
    case .running, .parked, .requested: .ready(wanted)
    case .done, .dead: idleStatus(of: stage, wanted: wanted)
    }
  }

  /// Where the stage stands when nobody has asked for the wanted recipe or works at it. A changed definition alone
  /// starts nothing: what was made or given up from these inputs stays so until someone says otherwise.
  private func idleStatus(of stage: StageDeclaration, wanted: Recipe) -> StageStatus {
    if asset.artifacts[stage.writes]?.recipe.inputs == wanted.inputs { return .outdated(wanted) }
    if let run = asset.runs[stage.name], run.phase == .dead, run.recipe.inputs == wanted.inputs { return .dead(wanted) }
    return .ready(wanted)
  }
}

extension StageStatus {
  /// The recipe that the stage would run or runs.
  package var recipe: Recipe? {
    switch self {
    case .ready(let recipe), .outdated(let recipe), .running(let recipe), .parked(let recipe), .dead(let recipe): recipe
    case .notApplicable, .waiting, .blocked, .upToDate: nil
    }
  }
}
