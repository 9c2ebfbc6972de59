import Engine
import JSON
import Observability
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// Providers that are down, limited or broken, asked by real workers.
@Suite struct CircuitTests {
  /// A stage that asks the provider `oracle`; what it answers is the test's.
  private static func asking(
    attempts: Int = 3, _ answer: @escaping @Sendable (any StageContext) async throws(StageFailure) -> Void
  ) -> TestStage {
    TestStage(
      "asks", reads: [.required(.source), .optional(.title)], writes: "a",
      policy: StagePolicy(concurrency: 4, attempts: attempts, firstPause: .milliseconds(20))
    ) { context throws(StageFailure) in
      try await context.ask("oracle", units: 2, of: "question") { () throws(StageFailure) in
        try await answer(context)
        return StageOutcome.finished(StageOutput(value: .string(context.asset.id.description)))
      }
    }
  }

  @Test func `during an outage nothing dies, no attempt is counted, and the stage is not taken`() async throws {
    let isDown = Mutex(true)
    let calls = Mutex(0)
    let stage = Self.asking { _ throws(StageFailure) in
      calls.withLock { $0 += 1 }
      if isDown.withLock({ $0 }) { throw .unavailable("oracle.down", "nobody answers") }
    }
    let metrics = Metrics()
    try await EngineHarness.with([stage]) { harness in
      var ids: [AssetID] = []
      for index in 0..<20 { ids.append(try await harness.add("asset-\(index)")) }
      try await harness.working(metrics: metrics) { [ids] in
        try await eventually("the circuit is shown", within: .seconds(20)) {
          try await harness.count(
            "select count(*) as n from circuit where dependency = 'oracle' and reason like '%nobody answers%'") == 1
        }
        #expect(metrics.exposition.contains("reelmill_circuit_state{dependency=\"oracle\"}"))
        try await harness.abandoned("asks.live")
        #expect(calls.withLock { $0 } < 10, "one probe at a time")
        #expect(try await harness.count("select coalesce(max(attempts), 0)::int8 as n from run") == 0)
        isDown.withLock { $0 = false }
        try await harness.finished(ids)
        try await eventually("the circuit is closed") {
          try await harness.count("select count(*) as n from circuit") == 0
        }
      }
      #expect(try await harness.deadLetters() == [])
      #expect(try await harness.count("select count(*) as n from charge where state = 'settled'") == 20)
      #expect(try await harness.count("select max(attempts)::int8 as n from run") == 1)
      #expect(metrics.exposition.contains("reelmill_circuit_state{dependency=\"oracle\"} 0"))
    }
  }

  @Test func `what one asset does to its provider costs the others nothing, and it alone is given up`() async throws {
    let stage = Self.asking { context throws(StageFailure) in
      if context.title == "poison" { throw .transient("oracle.failed", "500") }
    }
    try await EngineHarness.with([stage]) { harness in
      var ids: [AssetID] = []
      for index in 0..<20 { ids.append(try await harness.add("asset-\(index)", title: index == 3 ? "poison" : "good")) }
      try await harness.working { [ids] in try await harness.finished(ids) }
      #expect(try await harness.deadLetters() == [DeadRow(queue: "asks.dead", code: "oracle.failed")])
      #expect(try await harness.count("select max(attempts)::int8 as n from run where state = 'done'") == 1)
    }
  }

  @Test func `a provider that asks for a rest is left alone for so long`() async throws {
    let calls = Mutex<[ContinuousClock.Instant]>([])
    let stage = Self.asking { _ throws(StageFailure) in
      guard
        calls.withLock({
          $0.append(.now); return $0.count
        }) > 1
      else {
        throw StageFailure(.deferred(for: .milliseconds(1200)), code: "oracle.limited", "429")
      }
    }
    try await EngineHarness.with([stage]) { harness in
      let first = try await harness.add("asset-0")
      try await harness.working {
        try await eventually("the provider was asked") { calls.withLock { !$0.isEmpty } }
        try await harness.finished([first, try await harness.add("asset-1")])
      }
      let times = calls.withLock { $0 }
      #expect(times.count == 3)
      #expect(times[1] - times[0] >= .milliseconds(1199))
      #expect(try await harness.count("select max(attempts)::int8 as n from run") == 1)
    }
  }

  @Test func `all workers together keep within a limit of calls in flight`() async throws {
    let flying = Mutex((now: 0, most: 0))
    let stage = Self.asking { _ throws(StageFailure) in
      flying.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      try? await Task.sleep(for: .milliseconds(50))
      flying.withLock { $0.now -= 1 }
    }
    try await EngineHarness.with([stage]) { harness in
      var ids: [AssetID] = []
      for index in 0..<12 { ids.append(try await harness.add("asset-\(index)")) }
      let terms = ["oracle": ProviderTerms(inFlight: 2, price: 0.25)]
      try await harness.working(providers: terms) { [ids] in
        try await harness.working(providers: terms) { try await harness.finished(ids) }
      }
      #expect(flying.withLock { $0.most } == 2)
      #expect(try await harness.count("select count(*) as n from charge where state = 'settled' and cost = 0.5") == 12)
      #expect(try await harness.count("select count(*) as n from provider_call where ended_at is null") == 0)
    }
  }

  @Test func `of a limit a minute no more is used, and the rest is parked without an attempt`() async throws {
    let stage = Self.asking(attempts: 1) { _ in }
    try await EngineHarness.with([stage]) { harness in
      for index in 0..<8 { _ = try await harness.add("asset-\(index)") }
      let terms = ["oracle": ProviderTerms(perMinute: 3)]
      try await harness.working(providers: terms) {
        try await harness.working(providers: terms) {
          try await eventually("what is over the limit is parked", within: .seconds(40)) {
            try await harness.count(
              "select count(*) as n from run where state = 'parked' and error_code = 'provider.limited'") == 5
          }
        }
      }
      #expect(try await harness.count("select count(*) as n from charge") == 3)
      #expect(try await harness.count("select count(*) as n from run where state = 'parked' and attempts > 0") == 0)
      #expect(
        try await harness.count(
          "select count(*) as n from run where state = 'parked' and due not between now() + '20 s' and now() + '65 s'")
          == 0)
    }
  }

  @Test func `a failure of unknown cause gets fewer attempts than one that passes`() async throws {
    let stage = TestStage(
      "a", reads: [.required(.source)], writes: "a", policy: StagePolicy(attempts: 5, firstPause: .milliseconds(20))
    ) { _ throws(StageFailure) in throw StageFailure(.unknown, code: "test.surprise", "who knows") }
    try await EngineHarness.with([stage]) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(stage.runCount == StagePolicy.attemptsOfUnknown)
    }
  }
}
