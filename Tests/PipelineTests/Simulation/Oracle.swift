import Hashing
import Pipeline

/// What must come out for an asset: every recipe computed from scratch, without the planner.
///
/// It asks backwards from each artifact to what people gave and knows nothing of runs, order and earlier results.
struct Oracle {
  enum Content: Equatable {
    case made(Fingerprint, isEmpty: Bool)
    /// Nobody gave it and nothing makes it for this asset.
    case absent
    /// Its stage gave up, or lacks something that a stage before it gave up.
    case lost

    var fingerprint: Fingerprint? {
      if case .made(let fingerprint, _) = self { fingerprint } else { nil }
    }
  }

  private let asset: AssetState
  private let planner: Planner
  private let work: ImaginaryWork
  private(set) var contents: [ArtifactKind: Content] = [:]
  /// The recipes that are run, whether they make something or give up.
  private(set) var recipes: [StageName: Recipe] = [:]

  init(of simulator: PipelineSimulator) {
    asset = simulator.asset
    planner = simulator.planner
    work = simulator.work
    for kind in ArtifactKind.given { _ = content(of: kind) }
    for stage in planner.pipeline.stages { _ = content(of: stage.writes) }
  }

  /// What readers of each kind see.
  var fingerprints: [ArtifactKind: Fingerprint?] { contents.mapValues(\.fingerprint) }

  /// Whether the input alone keeps its reader from having anything to do.
  func isHindered(by input: Input) -> Bool {
    switch (input.requirement, contents[input.kind]) {
    case (.required, .absent), (.required, .lost), (.onlyWithout, .made(_, isEmpty: false)): true
    default: false
    }
  }

  private mutating func content(of kind: ArtifactKind) -> Content {
    if let known = contents[kind] { return known }
    let content =
      if let fingerprint = asset.pins[kind] ?? asset.given[kind] {
        Content.made(fingerprint, isEmpty: false)
      } else if let stage = planner.pipeline.writer(of: kind), let reads = stage.reads[asset.mediaType] {
        result(of: stage, reading: reads)
      } else {
        Content.absent
      }
    contents[kind] = content
    return content
  }

  private mutating func result(of stage: StageDeclaration, reading reads: [Input]) -> Content {
    var inputs: [ArtifactKind: Fingerprint?] = [:]
    var hindrance: Content?
    for input in reads {
      let content = content(of: input.kind)
      inputs.updateValue(content.fingerprint, forKey: input.kind)
      switch (input.requirement, content) {
      case (.onlyWithout, .made(_, isEmpty: false)): return .absent
      case (.onlyWithout, _): inputs.updateValue(nil, forKey: input.kind)
      case (.required, .absent), (.required, .lost): hindrance = hindrance ?? content
      case (.required, .made), (.optional, _): break
      }
    }
    if let hindrance { return hindrance }
    let definition = planner.definitions.active(stage.name, for: asset.organisation) ?? stage.definition.digest
    let recipe = Recipe(inputs: Recipe.digest(of: inputs), definition: definition)
    recipes[stage.name] = recipe
    return switch work.result(of: stage.name, for: recipe) {
    case .made(let fingerprint, let isEmpty): .made(fingerprint, isEmpty: isEmpty)
    case .gaveUp: .lost
    }
  }
}
