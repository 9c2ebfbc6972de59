import Concurrency
import Engine
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Parked runs that come due.
@Suite struct CrowdTests {
  @Test func `of 100,000 runs that come due at once, no more are announced than a queue should hold`() async throws {
    let stages = [
      TestStage("crowded", reads: [.required(.source)], writes: "a"),
      TestStage("quiet", reads: [.required(.source)], writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.park(100_000, stage: "crowded", lane: "bulk")
      try await harness.park(3, stage: "quiet", lane: "live")
      let ledger = Ledger(
        client: harness.client, loop: harness.loop, worker: .next(), build: "test", circuit: Circuit())
      #expect(try await ledger.announceDue(crowd: 500) == 503)
      #expect(try await ledger.announceDue(crowd: 500) == 0)
      // Nobody waits behind the crowd.
      let first = try await harness.client.query("select routing_key from outbox order by publish_at, id limit 3")
      #expect(try first.column("routing_key", as: String.self) == ["text.quiet", "text.quiet", "text.quiet"])
      // What was taken makes room.
      try await harness.client.query(
        """
        update run set state = 'running' where (asset, stage) in (
          select asset, stage from run where announced_at is not null and stage = 'crowded' limit 120)
        """)
      #expect(try await ledger.announceDue(crowd: 500) == 120)
      #expect(try await ledger.timeUntilDue() == nil)
    }
  }

  @Test func `a new asset is done while a crowd of parked runs waits for its turn`() async throws {
    let stages = [
      TestStage("slow", reads: [.required(.source)], writes: "a", policy: StagePolicy(concurrency: 1)) { context in
        try? await Task.sleep(for: .milliseconds(context.title == "new" ? 0 : 10))
        return .finished(StageOutput(value: "done"))
      }
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.park(20_000, stage: "slow", lane: "bulk")
      try await harness.working {
        try await harness.finished([try await harness.add("new", title: "new")], within: .seconds(30))
        #expect(try await harness.count("select count(*) as n from run where state = 'parked'") > 5000)
      }
    }
  }

  @Test func `a wait is not cut short, and survives everybody's end`() async throws {
    let stages = [TestStage("a", reads: [.required(.source)], writes: "a")]
    try await EngineHarness.with(stages) { harness in
      try await harness.park(20, stage: "a", lane: "live", due: "3 seconds")
      try await harness.working { try await harness.consuming("a.live") }
      try await harness.working {
        try await eventually("all are done", within: .seconds(30)) {
          try await harness.count("select count(*) as n from run where state = 'done'") == 20
        }
      }
      let early = try await harness.count(
        "select count(*) as n from run r join asset a on a.id = r.asset where r.started_at < a.created_at + interval '3 seconds'"
      )
      #expect(early == 0)
    }
  }
}

extension EngineHarness {
  /// Makes active assets whose runs are parked for the recipe that is wanted.
  fileprivate func park(_ count: Int, stage: String, lane: String, due: String = "0 seconds") async throws {
    let name = try #require(StageName(rawValue: stage))
    let first = try await add("first-\(stage)", content: "the same")
    _ = try await client.query("update asset set lifecycle = 'active'")
    _ = try await client.query("delete from outbox")
    guard case .ready(let recipe) = try await plan(first).statuses[name] else {
      Issue.record("expected a stage that is ready")
      return
    }
    let transaction: SQL = """
      with copies as (
        insert into asset (id, organisation, owner, media_type, lifecycle, title, root)
        select id, 'default', 'tester', 'text', 'active', 'Title', id
        from (select gen_random_uuid() as id from generate_series(1, \(Int64(count)))) as g
        returning id
      ), sources as (
        insert into artifact (asset, kind, fingerprint, value, blob, blob_size)
        select c.id, f.kind, f.fingerprint, f.value, f.blob, f.blob_size from copies c, artifact f
        where f.asset = \(first.uuid)
      )
      insert into run (asset, stage, inputs, definition, state, token, lane, due)
      select id, \(stage), \(recipe.inputs.bytes), \(recipe.definition.bytes), 'parked', 1, \(lane),
        now() + \(due)::text::interval
      from copies
      """
    _ = try await client.query(transaction)
  }
}
