import Hashing
import Pipeline
import Testing

/// What a change touches: what depends on it, and nothing else.
@Suite struct StalenessTests {
  @Test func `an edit makes exactly what really depends on it run again, once`() throws {
    for seed in UInt64(0)..<500 {
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed))
      try simulator.dispatch()
      let (asset, plan, before) = (simulator.asset, simulator.plan, Oracle(of: simulator))
      simulator.starts = [:]

      simulator.editAnything()
      let after = Oracle(of: simulator)
      let touched = Set(plan.statuses.keys.filter { simulator.plan.statuses[$0] != plan.statuses[$0] })
      let reachable = stages(of: simulator.planner.pipeline, behindWhatDiffersBetween: asset, and: simulator.asset)
      #expect(touched.isSubset(of: reachable), "seed \(seed)")

      try simulator.dispatch()
      // What came back under its old recipe finds its artifact; only what has a recipe it did not have runs.
      let changed = after.recipes.filter { before.recipes[$0.key] != $0.value }
      #expect(simulator.starts == changed.mapValues { [$0: 1] }, "seed \(seed)")
    }
  }

  /// The stages whose artifact was pinned or unpinned, and those that read what changed, directly or through others.
  private func stages(
    of pipeline: PipelineGraph, behindWhatDiffersBetween one: AssetState, and other: AssetState
  ) -> Set<StageName> {
    var kinds = ArtifactKind.given.filter { one.given[$0] != other.given[$0] }
    var stages: Set<StageName> = []
    for stage in pipeline.stages {
      let isRepinned = one.pins[stage.writes] != other.pins[stage.writes]
      guard isRepinned || !kinds.isDisjoint(with: stage.allReads) else { continue }
      stages.insert(stage.name)
      kinds.insert(stage.writes)
    }
    return stages
  }

  @Test func `a changed definition makes its stage outdated and starts nothing until someone says so`() throws {
    for seed in UInt64(0)..<500 {
      let generated = try GeneratedCase(seed: seed)
      var simulator = PipelineSimulator(generated)
      try simulator.dispatch()
      let before = simulator.plan
      let redefined = simulator.redefineAnyStage()
      let changed = try #require(redefined)
      let after = simulator.plan

      #expect(after.settled == before.settled, "seed \(seed)")
      #expect(
        after.statuses.filter { $0.key != changed } == before.statuses.filter { $0.key != changed }, "seed \(seed)")
      switch (before.statuses[changed], after.statuses[changed]) {
      case (.upToDate(isPinned: false), .outdated), (.dead, .dead): break
      case (let one, let other): #expect(one == other, "seed \(seed)")
      }
      simulator.starts = [:]
      try simulator.dispatch()
      #expect(simulator.starts.isEmpty, "seed \(seed)")

      try simulator.replayOutdated()
      var fresh = PipelineSimulator(generated)
      fresh.planner = simulator.planner
      try fresh.dispatch()
      #expect(simulator.plan.settled == fresh.plan.settled, "seed \(seed)")
    }
  }
}
