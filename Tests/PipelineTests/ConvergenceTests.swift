import Hashing
import Pipeline
import Testing

/// Whatever happens on the way, an asset ends where its inputs and definitions say, and then nothing is left to do.
@Suite struct ConvergenceTests {
  /// That nothing is stale, and that all is what it would be if it were made from scratch.
  func expectSettled(_ simulator: PipelineSimulator, seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation) {
    let plan = simulator.plan
    #expect(plan.isFinished, "seed \(seed)", sourceLocation: sourceLocation)
    #expect(
      plan.settled == Oracle(of: simulator).fingerprints, "seed \(seed)", sourceLocation: sourceLocation)
  }

  @Test func `doing what is announced leaves nothing stale, and dispatch has nothing to announce then`() throws {
    for seed in UInt64(0)..<500 {
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed))
      try simulator.dispatch()
      expectSettled(simulator, seed: seed)
      let sent = simulator.sent
      try simulator.dispatch()
      #expect(simulator.sent == sent, "seed \(seed)")
    }
  }

  @Test func `edits lead to what a new asset with those inputs comes to`() throws {
    for seed in UInt64(0)..<500 {
      let generated = try GeneratedCase(seed: seed)
      var edited = PipelineSimulator(generated)
      try edited.dispatch()
      for _ in 0...seed % 3 { edited.editAnything() }
      var fresh = PipelineSimulator(generated)
      fresh.asset.given = edited.asset.given
      fresh.asset.pins = edited.asset.pins
      try edited.dispatch()
      try fresh.dispatch()
      #expect(edited.plan.isFinished, "seed \(seed)")
      #expect(edited.plan == fresh.plan, "seed \(seed)")
    }
  }

  @Test func `order, duplicates, crashes, stalls and setbacks change nothing`() throws {
    for seed in UInt64(0)..<500 {
      let turbulence = Turbulence(duplicates: 3, crashes: 3, stalls: 2, setbacks: 3)
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed), turbulence: turbulence)
      try simulator.dispatch()
      expectSettled(simulator, seed: seed)
    }
  }

  @Test func `one replay of what is lost makes up for lost messages`() throws {
    for seed in UInt64(0)..<500 {
      let turbulence = Turbulence(duplicates: 2, losses: 4, crashes: 2)
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed), turbulence: turbulence)
      try simulator.dispatch()
      simulator.turbulence = .none
      try simulator.dispatch()
      expectSettled(simulator, seed: seed)
    }
  }

  @Test func `people may edit, pin and redefine in the middle of it all`() throws {
    for seed in UInt64(0)..<500 {
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed))
      if seed.isMultiple(of: 2) { try simulator.dispatch() }
      simulator.turbulence = Turbulence(
        duplicates: 1, crashes: 2, stalls: 1, setbacks: 2, interventions: 1 + Int(seed % 5))
      try simulator.dispatch()
      #expect(simulator.plan.isFinished, "seed \(seed)")
      simulator.turbulence = .none
      try simulator.replayOutdated()
      expectSettled(simulator, seed: seed)
    }
  }
}
