package import Pipeline
internal import PostgreSQL

/// Says in words why a stage stands where the planner says it does. Pure: it looks nothing up.
package struct StageExplainer: Sendable {
  private let pipeline: PipelineGraph
  private let state: AssetState
  private let runs: [StageName: RunRecord]
  private let artifacts: [ArtifactKind: ArtifactRecord]
  private let pins: [ArtifactKind: PinRecord]

  package init(
    pipeline: PipelineGraph, state: AssetState, runs: [StageName: RunRecord], artifacts: [ArtifactRecord],
    pins: [PinRecord]
  ) {
    self.pipeline = pipeline
    self.state = state
    self.runs = runs
    self.artifacts = Dictionary(uniqueKeysWithValues: artifacts.map { ($0.kind, $0) })
    self.pins = Dictionary(uniqueKeysWithValues: pins.map { ($0.kind, $0) })
  }

  /// One line that begins with the stage's condition.
  package func explain(_ stage: StageDeclaration, _ status: StageStatus) -> String {
    switch status {
    case .notApplicable(let reason): "not applicable: \(explain(reason))"
    case .waiting(let kinds): "waiting for \(list(kinds))"
    case .blocked(let kind): "blocked: \(explainLoss(of: kind))"
    case .upToDate(isPinned: true): explainPin(of: stage.writes)
    case .upToDate(isPinned: false):
      artifacts[stage.writes]?.emptyBecause.map { "up to date: empty, because \($0)" } ?? "up to date"
    case .ready(let recipe): "stale: \(explainReadiness(of: stage, recipe))"
    case .outdated(let recipe): "outdated: \(explainOutdated(stage, recipe))"
    case .running: explainRunning(runs[stage.name])
    case .parked: explainParked(stage, runs[stage.name])
    case .dead: explainDead(runs[stage.name])
    }
  }

  private func explain(_ reason: StageStatus.NotApplicable) -> String {
    switch reason {
    case .mediaType: "it does not serve \(state.mediaType.rawValue)"
    case .missing(let kind) where ArtifactKind.given.contains(kind): "nobody gave \(kind)"
    case .missing(let kind): "there is no \(kind)"
    case .present(let kind): "\(kind) \(isPlural(kind) ? "are" : "is") present"
    }
  }

  private func explainLoss(of kind: ArtifactKind) -> String {
    guard let writer = pipeline.writer(of: kind) else { return "\(kind) will not come" }
    return "\(kind) will not come, because `\(writer.name)` was given up or is blocked itself"
  }

  private func explainPin(of kind: ArtifactKind) -> String {
    guard let pin = pins[kind] else { return "up to date: pinned by hand" }
    return "up to date: pinned by \(pin.person) on \(pin.at.sentenceText)"
  }

  private func explainReadiness(of stage: StageDeclaration, _ recipe: Recipe) -> String {
    if let run = state.runs[stage.name], run.recipe == recipe {
      switch run.phase {
      case .running: return "the worker that ran it is gone; it runs again when it is announced"
      case .parked: return "its time has come; it runs when a scheduler announces it"
      case .requested: return "somebody asked for it again"
      case .done, .dead: break
      }
    }
    guard let artifact = state.artifacts[stage.writes] else { return "it can run, and never did" }
    return artifact.recipe.inputs == recipe.inputs ? "it can run again" : "what it reads has changed"
  }

  private func explainOutdated(_ stage: StageDeclaration, _ recipe: Recipe) -> String {
    let reason = "the definition changed"
    guard let run = runs[stage.name], run.state == "dead", state.runs[stage.name]?.recipe == recipe else {
      return reason
    }
    return "\(reason), and the new one was given up\(why(run))"
  }

  private func explainRunning(_ run: RunRecord?) -> String {
    guard let run else { return "running" }
    var text = "running"
    if let startedAt = run.startedAt { text += " since \(startedAt.sentenceText)" }
    if let worker = run.worker { text += " on \(worker)" }
    if let progress = run.progress { text += ", \(Int((progress * 100).rounded(.down))) % done" }
    return text
  }

  private func explainParked(_ stage: StageDeclaration, _ run: RunRecord?) -> String {
    guard let run else { return "parked" }
    var text = "parked"
    if let due = run.due { text += " until \(due.sentenceText)" }
    if run.awaitsAnother { return text + ", or until another run of the same recipe ends" }
    if let code = run.errorCode { text += " after \(code)" }
    return text + ", attempt \(run.attempts) of \(stage.policy.attempts)"
  }

  private func explainDead(_ run: RunRecord?) -> String {
    guard let run else { return "dead" }
    return "dead after \(run.attempts) \(run.attempts == 1 ? "attempt" : "attempts")\(why(run))"
  }

  private func why(_ run: RunRecord) -> String {
    [run.errorCode, run.error].compactMap { $0 }.reduce("") { "\($0): \($1)" }
  }

  private func list(_ kinds: [ArtifactKind]) -> String { kinds.map(\.rawValue).joined(separator: ", ") }

  private func isPlural(_ kind: ArtifactKind) -> Bool {
    [.captions, .keyframes, .labels, .manualLabels, .passages, .facts, .searchRows].contains(kind)
  }
}
