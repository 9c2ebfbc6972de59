import Hashing
import Pipeline

/// What people do to an asset and its pipeline.
extension PipelineSimulator {
  /// Any of it, with its message where it sends one. Every other edit takes the last one back.
  mutating func intervene() {
    if Int.random(in: 0..<4, using: &random) == 0 {
      redefineAnyStage()
      return
    }
    if let last = beforeLastEdit {
      (asset.given, asset.pins) = last
      beforeLastEdit = nil
    } else {
      beforeLastEdit = (asset.given, asset.pins)
      editAnything()
    }
    inFlight.append(.dispatch)
  }

  /// Changes, takes away or adds something that people give, or pins or unpins an artifact; the message is the caller's.
  mutating func editAnything() {
    if Bool.random(using: &random), let stage = planner.pipeline.stages.randomElement(using: &random) {
      let isPinned = asset.pins[stage.writes] != nil
      asset.pins[stage.writes] =
        isPinned && Bool.random(using: &random) ? nil : GeneratedCase.content(of: stage.writes, using: &random)
    } else if let kind = ArtifactKind.given.sorted().randomElement(using: &random) {
      let isTakenAway = Int.random(in: 0..<4, using: &random) == 0
      asset.given[kind] = isTakenAway ? nil : GeneratedCase.content(of: kind, using: &random)
    }
  }

  /// Gives a stage another definition and says which. Nobody is told: an outdated stage runs when someone says so.
  @discardableResult
  mutating func redefineAnyStage() -> StageName? {
    guard let stage = planner.pipeline.stages.randomElement(using: &random)?.name else { return nil }
    changedDefinitions[stage] = SHA256Digest(hashing: "\(stage), version \(Int.random(in: 0..<3, using: &random))")
    planner = Planner(pipeline: planner.pipeline, definitions: Definitions(everywhere: changedDefinitions))
    return stage
  }

  /// Rebuilds what is outdated, and what that makes outdated in turn.
  mutating func replayOutdated() throws(NeverSettles) {
    for _ in planner.pipeline.stages {
      var isRequested = false
      for case (let stage, .outdated(let recipe)) in plan.statuses {
        asset.runs[stage] = RunState(recipe: recipe, phase: .requested)
        tokens[stage, default: 0] += 1
        isRequested = true
      }
      guard isRequested else { return }
      try dispatch()
    }
  }
}
