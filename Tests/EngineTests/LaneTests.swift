import Engine
import JSON
import Pipeline
import Synchronization
import TestSupport
import Testing

/// People before back-fill.
@Suite struct LaneTests {
  @Test func `back-fill makes room at its next window when somebody waits`() async throws {
    let isServed = Mutex(false)
    let stages = [
      TestStage("a", reads: [.required(.source), .optional(.title)], writes: "a", policy: StagePolicy(cost: .heavy)) {
        context throws(StageFailure) in
        if context.title == "live" { isServed.withLock { $0 = true } }
        while !isServed.withLock({ $0 }), !context.shouldYield { try? await Task.sleep(for: .milliseconds(10)) }
        guard !isServed.withLock({ $0 }) else { return try await TestStage.combine(context) }
        try await context.record(window: .null, number: try await context.recordedWindows().count)
        return .continued
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working(heavyRuns: 1) {
        let bulk = try await harness.add("bulk", title: "bulk", lane: .bulk)
        try await eventually("back-fill has the only permit") { stages[0].runCount == 1 }
        let live = try await harness.add("live", title: "live")
        try await harness.finished([live, bulk])
      }
      #expect(try await harness.events().contains("continued"))
    }
  }

  @Test func `where somebody asks for an asset of the back-fill it goes on in live`() async throws {
    let gate = AsyncStream<Void>.makeStream()
    let stages = [
      TestStage("one", reads: [.required(.source)], writes: "a") { context throws(StageFailure) in
        var turns = gate.stream.makeAsyncIterator()
        await turns.next()
        return try await TestStage.combine(context)
      },
      TestStage("two", reads: [.required(.a)], writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        let id = try await harness.add("asset", lane: .bulk)
        try await eventually("it runs") { stages[0].runCount == 1 }
        #expect(try await harness.count("select count(*) as n from run where lane = 'bulk'") == 1)
        try await harness.ring([.refresh], of: id, lane: .live)
        try await eventually("it is in live") {
          try await harness.count("select count(*) as n from run where lane = 'live'") == 1
        }
        gate.continuation.finish()
        try await harness.finished([id])
      }
      #expect(try await harness.count("select count(*) as n from run where stage = 'two' and lane = 'live'") == 1)
    }
  }
}
