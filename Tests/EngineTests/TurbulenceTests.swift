import AMQP
import Engine
import JSON
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// Duplicates, edits, removals, lost connections and stops in the middle of the work.
@Suite struct TurbulenceTests {
  @Test func `however often messages come and whoever takes them, each stage runs once`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      let entries = ["initial", "refresh", "one", "two", "three", "four"].compactMap { RequestedStage(wireName: $0) }
      try await harness.working {
        try await harness.working {
          try await harness.consuming("four.bulk")
          var ids: [AssetID] = []
          for index in 0..<20 {
            let id = try await harness.add("asset-\(index)")
            ids.append(id)
            for _ in 0..<3 {
              for lane in Lane.allCases { try await harness.ring(entries, of: id, lane: lane) }
            }
          }
          try await harness.finished(ids, within: .seconds(60))
          try await harness.queuesAreEmpty()
        }
      }
      for stage in stages { #expect(stage.runCount == 20, "\(stage.name)") }
      #expect(try await harness.count("select count(*) as n from history where event = 'done'") == 80)
      #expect(try await harness.deadLetters() == [])
    }
  }

  @Test func `a message that comes before its asset is answered when the asset is there`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        try await harness.consuming("dispatch.live")
        try await harness.ring([.refresh], of: try AssetID(parsing: "asset"), lane: .live)
        try await eventually("the message waits") {
          try await harness.count("select count(*) as n from outbox where publish_at > now() + interval '1 second'")
            == 1
        }
        let id = try await harness.add("asset")
        try await harness.finished([id])
        try await eventually("the outbox is empty") { try await harness.count("select count(*) as n from outbox") == 0 }
      }
      #expect(stages.map(\.runCount) == [1, 1, 1, 1])
    }
  }

  @Test func `edits while stages run end in what the last edit says`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        for index in 0..<5 { ids.append(try await harness.add("asset-\(index)")) }
        for round in 1...5 {
          for id in ids { _ = try await harness.intake.edit(id, Edit(title: "Title \(round)"), by: "tester") }
        }
        try await eventually("all messages are answered", within: .seconds(30)) {
          try await harness.count(
            "select count(*) + (select count(*) from run where state <> 'done') as n from outbox") == 0
        }
        try await harness.finished(ids)
        try await harness.queuesAreEmpty()
      }
      #expect(try await harness.count("select count(*) as n from artifact where inputs is not null") == 20)
      #expect(try await harness.count("select count(*) as n from run where state <> 'done'") == 0)
      #expect(try await harness.deadLetters() == [])
    }
  }

  @Test func `what was removed while it ran records nothing, and restored it is made`() async throws {
    let (gate, started) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a") { context throws(StageFailure) in
        started.continuation.yield()
        var turns = gate.stream.makeAsyncIterator()
        await turns.next()
        return try await TestStage.combine(context)
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        let id = try await harness.add("asset")
        var starts = started.stream.makeAsyncIterator()
        await starts.next()
        try await harness.intake.remove(id)
        gate.continuation.finish()
        try await harness.queuesAreEmpty()
        #expect(try await harness.count("select count(*) as n from artifact where kind = 'a'") == 0)
        try await harness.intake.restore(id)
        try await harness.finished([id])
      }
      #expect(try await harness.count("select count(*) as n from artifact where kind = 'a'") == 1)
    }
  }

  @Test func `a stop gives back what does not end within the grace, at no cost of an attempt`() async throws {
    let isBlocking = Mutex(true)
    let stages = [
      TestStage("a", reads: [.required(.source)], writes: "a") { context throws(StageFailure) in
        if isBlocking.withLock({ $0 }) { return try await TestStage.block(context) }
        return try await TestStage.combine(context)
      }
    ]
    try await EngineHarness.with(stages) { harness in
      let id = try await harness.add("asset")
      try await harness.working(grace: .milliseconds(100)) {
        try await eventually("it runs") { stages[0].runCount == 1 }
      }
      #expect(
        try await harness.count("select count(*) as n from run where state = 'parked' and attempts = 0 and crashes = 0")
          == 1)
      #expect(try await harness.count("select count(*) as n from worker") == 0)
      isBlocking.withLock { $0 = false }
      try await harness.working { try await harness.finished([id]) }
      #expect(try await harness.count("select attempts::int8 as n from run") == 1)
    }
  }

  @Test func `lost broker connections cost nothing but time`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        var closed = 0
        try await eventually("connections were closed in the middle of the work", within: .seconds(30)) {
          for _ in 0..<10 { ids.append(try await harness.add("asset-\(ids.count)")) }
          closed += try await harness.closeBrokerConnections()
          return closed >= 3
        }
        try await harness.finished(ids, within: .seconds(60))
        try await harness.expectDoneOnce(assets: ids.count)
      }
    }
  }

  @Test func `lost database connections cost nothing but time`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        var ended = 0
        try await eventually("backends were ended in the middle of the work", within: .seconds(30)) {
          for _ in 0..<10 { ids.append(try await harness.add("asset-\(ids.count)")) }
          for _ in 0..<5 { ended += try await harness.terminateBackends() }
          return ended >= 5
        }
        try await harness.finished(ids, within: .seconds(60))
        try await harness.expectDoneOnce(assets: ids.count)
      }
    }
  }

  @Test func `a queue that is deleted is made again`() async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        try await harness.finished([try await harness.add("before")])
        try await harness.withBrokerConnection { connection in
          for queue in ["dispatch.live", "one.live", "one.dead"] { _ = try await connection.deleteQueue(queue) }
        }
        for queue in ["dispatch.live", "one.live"] { try await harness.consuming(queue) }
        try await harness.finished([try await harness.add("after")])
      }
    }
  }
}
