import Engine
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Stages that are not taken for a while: by a person's wish, or because what they need is down.
@Suite struct PauseTests {
  @Test func `a paused stage is not taken, its messages stay in the queue, and it goes on when it is resumed`()
    async throws
  {
    let stages = [
      TestStage("first", reads: [.required(.source)], writes: "a"),
      TestStage("second", reads: [.required(.a)], writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        try await harness.consuming("second.live")
        try await harness.pause("second")
        try await harness.abandoned("second.live")
        var ids: [AssetID] = []
        for index in 0..<5 { ids.append(try await harness.add("asset-\(index)")) }
        try await harness.waiting(5, in: "second.live")
        #expect(stages.map(\.runCount) == [5, 0])
        try await harness.client.query("delete from stage_pause")
        try await harness.finished(ids)
      }
      #expect(stages.map(\.runCount) == [5, 5])
    }
  }

  @Test func `a pause that is forgotten ends by itself`() async throws {
    let stages = [TestStage("first", reads: [.required(.source)], writes: "a")]
    try await EngineHarness.with(stages) { harness in
      try await harness.pause("first", for: "3 seconds")
      try await harness.working {
        let id = try await harness.add("asset")
        try await harness.waiting(1, in: "first.live")
        try await harness.finished([id])
      }
      #expect(
        try await harness.count("select count(*) as n from run where started_at < (select until from stage_pause)") == 0
      )
    }
  }

  @Test func `a worker that starts during a pause takes nothing of the stage`() async throws {
    let stages = [TestStage("first", reads: [.required(.source)], writes: "a")]
    try await EngineHarness.with(stages) { harness in
      try await harness.pause("first")
      try await harness.working {
        _ = try await harness.add("asset")
        try await harness.waiting(1, in: "first.live")
      }
      #expect(stages[0].runCount == 0)
    }
  }
}

extension EngineHarness {
  func pause(_ stage: String, for time: String = "1 hour") async throws {
    try await client.query(
      """
      insert into stage_pause (stage, owner, reason, until)
      values (\(stage), 'tester', 'a test', now() + \(time)::text::interval)
      """)
  }

  /// Waits until so many messages are ready in a queue.
  func waiting(_ count: Int, in queue: String) async throws {
    try await withBrokerConnection { connection in
      try await eventually("\(count) messages wait in \(queue)", within: .seconds(20)) {
        ((try? await connection.inspectQueue(queue))?.ready ?? 0) == count
      }
    }
  }
}
