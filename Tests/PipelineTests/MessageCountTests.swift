import Pipeline
import Testing

/// How many messages and runs it takes: no more than the shape of the pipeline says.
@Suite struct MessageCountTests {
  @Test func `where nothing crashes every stage runs once per recipe, however often it is rung`() throws {
    for seed in UInt64(0)..<500 {
      let generated = try GeneratedCase(seed: seed)
      var simulator = PipelineSimulator(generated, turbulence: Turbulence(duplicates: 6))
      try simulator.dispatch()
      #expect(simulator.starts == Oracle(of: simulator).recipes.mapValues { [$0: 1] }, "seed \(seed)")
    }
  }

  @Test func `where no stage lacks several inputs, those that run are rung exactly once, in any order`() throws {
    for seed in UInt64(0)..<900 {
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed, isPlain: seed.isMultiple(of: 3)))
      try simulator.dispatch()
      let oracle = Oracle(of: simulator)
      let lacks = simulator.planner.pipeline.stages.map { stage in
        stage.reads[simulator.asset.mediaType]?.count { oracle.isHindered(by: $0) } ?? 0
      }
      guard lacks.allSatisfy({ $0 < 2 }) else { continue }
      #expect(simulator.sent == oracle.recipes.count, "seed \(seed)")
    }
  }

  /// The general bound. A message is sent because of the one before it, so it stands for a path through the pipeline:
  /// from what dispatch announced, or from a message that came twice. No two stand for the same path, as a stage on it
  /// either took a message or was passed through.
  ///
  /// It is more than the number of stages that run where a stage lacks several inputs at once, each of which rings those
  /// behind it when it settles; and a message that comes twice rings again what is not claimed yet. Edges do not bound
  /// it: such rings go on as long as they overtake the claims behind them.
  @Test func `no two messages stand for the same path through the pipeline`() throws {
    for seed in UInt64(0)..<500 {
      let turbulence = Turbulence(duplicates: Int(seed % 4))
      var simulator = PipelineSimulator(try GeneratedCase(seed: seed), turbulence: turbulence)
      let entries = simulator.plan.ready(in: simulator.planner.pipeline)
      let paths = pathsByStage(simulator.planner.pipeline, for: simulator.asset.mediaType)
      try simulator.dispatch()
      var bound = entries.reduce(0) { $0 + paths[$1, default: 0] }
      for doorbell in simulator.doubled {
        switch doorbell {
        case .dispatch: bound += paths.values.reduce(0, +)
        case .stage(let stage): bound += paths[stage, default: 0] - 1
        }
      }
      #expect(simulator.sent <= bound, "seed \(seed)")
    }
  }

  /// How many paths begin at each stage, the one that ends there included.
  private func pathsByStage(_ pipeline: PipelineGraph, for mediaType: MediaType) -> [StageName: Int] {
    pipeline.stages.reversed().reduce(into: [:]) { paths, stage in
      paths[stage.name] = pipeline.readers(of: stage.writes, in: mediaType).reduce(1) {
        $0 + paths[$1.name, default: 0]
      }
    }
  }
}
