import AMQP
import Blobs
import Concurrency
import Engine
import JSON
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// What follows from stages that fail, and from results that the database refuses.
@Suite struct FailureTests {
  @Test func `a poisoned asset among good ones ends as a dead letter, and its optional reader goes on`() async throws {
    let stages = [
      TestStage("first", reads: [.required(.source), .optional(.title)], writes: "a") {
        context throws(StageFailure) in
        guard context.title != "poison" else { return try await TestStage.refuse(context) }
        return try await TestStage.combine(context)
      },
      TestStage("reader", reads: [.optional(.a)], writes: "b"),
      TestStage("strict", reads: [.required(.a)], writes: "c"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        for index in 0..<20 {
          ids.append(try await harness.add("asset-\(index)", title: index == 7 ? "poison" : "good"))
        }
        try await harness.finished(ids)
      }
      #expect(stages.map(\.runCount) == [20, 20, 19])
      #expect(try await harness.deadLetters() == [DeadRow(queue: "first.dead", code: "test.refused")])
    }
  }

  @Test func `a NUL byte in one output fails alone`() async throws {
    let stages = [
      TestStage("reads-pictures", reads: [.required(.source), .optional(.title)], writes: "a") { context in
        .finished(StageOutput(value: .string(context.title == "poison" ? "nul \0 byte" : "text")))
      }
    ]
    try await EngineHarness.with(stages) { harness in
      var ids: [AssetID] = []
      for index in 0..<40 { ids.append(try await harness.add("asset-\(index)", title: index == 9 ? "poison" : "good")) }
      try await harness.working { [ids] in try await harness.finished(ids) }
      #expect(try await harness.deadLetters() == [DeadRow(queue: "reads-pictures.dead", code: "database.refused")])
      #expect(try await harness.count("select count(*) as n from artifact where kind = 'a'") == 39)
    }
  }

  @Test func `an error text with a NUL byte is recorded all the same`() async throws {
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a") { _ throws(StageFailure) in
        throw .permanent("test.nul", "what came was \0", detail: "\0")
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(try await harness.deadLetters() == [DeadRow(queue: "a.dead", code: "test.nul")])
    }
  }

  @Test func `what fails twice for a passing reason succeeds the third time`() async throws {
    let starts = Mutex(0)
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a") { context throws(StageFailure) in
        guard
          starts.withLock({
            $0 += 1; return $0
          }) > 2
        else {
          throw .transient("test.passing", "not yet", retryAfter: .milliseconds(50))
        }
        return try await TestStage.combine(context)
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(stages[0].runCount == 3)
      #expect(try await harness.events() == ["parked", "parked", "done"])
      #expect(try await harness.count("select attempts::int8 as n from run") == 3)
    }
  }

  @Test func `after its last attempt a run is given up`() async throws {
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a", policy: StagePolicy(attempts: 2)) {
        _ throws(StageFailure) in throw .transient("test.passing", "never", retryAfter: .milliseconds(20))
      },
      TestStage("b", reads: [.optional(.a)], writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(stages.map(\.runCount) == [2, 1])
      #expect(try await harness.deadLetters() == [DeadRow(queue: "a.dead", code: "test.passing")])
    }
  }

  @Test func `a run that exceeds its deadline is cancelled and fails for a passing reason`() async throws {
    let stages = [
      TestStage(
        "a", reads: [.required(.source)], writes: "a", policy: StagePolicy(deadline: .milliseconds(100), attempts: 1),
        work: TestStage.block)
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(try await harness.deadLetters() == [DeadRow(queue: "a.dead", code: "stage.deadline")])
    }
  }

  @Test func `what is deferred costs no attempt and comes when it is due, not earlier`() async throws {
    let starts = Mutex<[ContinuousClock.Instant]>([])
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a", policy: StagePolicy(attempts: 1)) {
        context throws(StageFailure) in
        guard
          starts.withLock({
            $0.append(.now); return $0.count
          }) > 3
        else {
          throw StageFailure(.deferred(for: .milliseconds(600)), code: "test.budget", "no budget")
        }
        return try await TestStage.combine(context)
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      let times = starts.withLock { $0 }
      for (one, next) in zip(times, times.dropFirst()) { #expect(next - one >= .milliseconds(599)) }
      #expect(try await harness.count("select attempts::int8 as n from run") == 1)
    }
  }

  @Test func `a worker that waits for its database stops when it is told to`() async throws {
    let loop = EventLoop(name: "test")
    defer { loop.stop() }
    let nowhere = PostgresClient(try PostgresConfiguration(url: "postgresql://postgres@127.0.0.1:1/none"), on: loop)
    try await withFolder { folder in
      let engine = try Engine(
        configuration: EngineConfiguration(
          brokerURL: try AMQPURL("amqp://127.0.0.1:1"), heavyRuns: 1, scratchFolder: folder, build: "test",
          host: "test", processID: 1),
        stages: [], projections: [], client: nowhere, heartbeatClient: nowhere, blobs: FileBlobStore(root: folder),
        logger: .silent)
      engine.drain()
      try await withDeadline(.seconds(30)) { try await engine.run() }
    }
    await nowhere.close()
  }

  @Test func `a wait that is longer than any calendar ends all the same`() async throws {
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a") { _ throws(StageFailure) in
        throw .transient("test.passing", "not in this life", retryAfter: .seconds(Int64.max / 2))
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        _ = try await harness.add("asset")
        try await eventually("the run is parked") {
          try await harness.count("select count(*) as n from run where due < now() + interval '1 year'") == 1
        }
      }
    }
  }

  @Test func `no window is paid for twice, whichever of two assets with the same content makes it`() async throws {
    let paid = Mutex<[Int: Int]>([:])
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly)) {
        context throws(StageFailure) in
        let windows = try await context.recordedWindows()
        guard windows.count < 3 else { return .finished(StageOutput(value: .array(windows))) }
        paid.withLock { $0[windows.count, default: 0] += 1 }
        try await context.record(window: .integer(Int64(windows.count)), number: windows.count)
        // The other one takes over from here.
        throw .transient("test.passing", "not now", retryAfter: .milliseconds(700))
      }
    ]
    try await EngineHarness.with(stages) { harness in
      let ids = [try await harness.add("one", content: "same"), try await harness.add("two", content: "same")]
      try await harness.working { try await harness.finished(ids) }
      #expect(paid.withLock { $0 } == [0: 1, 1: 1, 2: 1])
      #expect(try await harness.deadLetters() == [])
    }
  }

  @Test func `a run that has had its turn goes on where its windows ended`() async throws {
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a", policy: StagePolicy(attempts: 1, cost: .costly)) {
        context throws(StageFailure) in
        let windows = try await context.recordedWindows()
        guard windows.count < 3 else { return .finished(StageOutput(value: .array(windows))) }
        try await context.record(window: .integer(Int64(windows.count)), number: windows.count)
        return .continued
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working { try await harness.finished([try await harness.add("asset")]) }
      #expect(try await harness.events() == ["continued", "continued", "continued", "done"])
      #expect(try await harness.count("select attempts::int8 as n from run") == 1)
      #expect(try await harness.count("select count(*) as n from run_window") == 0)
    }
  }

  @Test func `the same costly content is made once and adopted by the others`() async throws {
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly)) {
        context throws(StageFailure) in
        try await context.ask("test", units: 1, of: "text") { () throws(StageFailure) in
          try await TestStage.combine(context)
        }
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        for index in 0..<6 { ids.append(try await harness.add("asset-\(index)", content: "the same")) }
        try await harness.finished(ids)
      }
      #expect(stages[0].runCount == 1)
      #expect(try await harness.count("select count(*) as n from charge where state = 'settled'") == 1)
      #expect(try await harness.count("select count(*) as n from history where event = 'adopted'") == 5)
      #expect(try await harness.count("select count(*) as n from recipe_lease") == 0)
    }
  }
}

/// What tests look at of a dead letter.
struct DeadRow: Equatable {
  let queue: String
  let code: String
}

extension EngineHarness {
  func deadLetters() async throws -> [DeadRow] {
    var letters: [DeadRow] = []
    for row in try await client.query("select queue, error_code from dead_letter order by at") {
      letters.append(
        DeadRow(queue: try row["queue", as: String.self], code: try row["error_code", as: String.self]))
    }
    return letters
  }

  /// What history says, in order.
  func events() async throws -> [String] {
    try await client.query("select event from history order by id").column("event", as: String.self)
  }
}
