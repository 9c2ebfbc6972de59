import Blobs
import Engine
import FoundationEssentials
import Glibc
import Identifiers
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// What is taken away, and what is not.
@Suite struct CollectorTests {
  /// Keeps nothing.
  private static let atOnce = Retention(deletedAssets: .zero, unreferencedContent: .seconds(-10), scratch: .zero)

  private static func stages() -> [TestStage] { [TestStage("one", reads: [.required(.source)], writes: "a")] }

  @Test func `content that two assets share stays until both are erased`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      var ids: [AssetID] = []
      for name in ["one", "two"] { ids.append(try await harness.add(name, content: "shared")) }
      try await harness.working { [ids] in try await harness.finished(ids) }
      for (index, id) in ids.enumerated() {
        #expect(try await harness.contents() == 1, "before \(index + 1) are erased")
        try await harness.intake.remove(id)
        try await harness.collector(Self.atOnce).collect()
      }
      #expect(try await harness.contents() == 0)
      for table in ["artifact", "run", "history", "run_window", "pin", "passage", "spare_result"] {
        #expect(try await harness.count("select count(*) as n from \(identifier: table)") == 0, "\(table)")
      }
      #expect(try await harness.count("select count(*) as n from asset where erased_at is not null") == 2)
      await #expect(throws: IntakeError.self) { try await harness.intake.restore(ids[0]) }
    }
  }

  @Test func `within the grace a removed asset comes back with all it had`() async throws {
    let stages = Self.stages()
    try await EngineHarness.with(stages) { harness in
      let id = try await harness.add("asset")
      try await harness.working {
        try await harness.finished([id])
        try await harness.intake.remove(id)
        try await harness.collector(
          Retention(unreferencedContent: .seconds(-10))
        ).collect()
        try await harness.intake.restore(id)
        try await harness.finished([id])
      }
      #expect(try await harness.contents() == 1)
      #expect(stages[0].runCount == 1)
      #expect(try await harness.count("select count(*) as n from artifact") == 2)
    }
  }

  @Test func `young content that nothing refers to yet is spared`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      _ = try await harness.blobs.write(for: BlobOwner("default")!) { try await $0.append([1, 2, 3]) }
      try await harness.collector(Retention(unreferencedContent: .seconds(60))).collect()
      #expect(try await harness.contents() == 1)
      try await harness.collector(Self.atOnce).collect()
      #expect(try await harness.contents() == 0)
    }
  }

  @Test func `content that a backup may still copy is spared until that is done`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      _ = try await harness.blobs.write(for: BlobOwner("default")!) { try await $0.append([1, 2, 3]) }
      try await harness.client.withTransaction { transaction in
        try await ContentLock.share(on: transaction)
        try await harness.collector(Self.atOnce).collect()
        #expect(try await harness.contents() == 1)
      }
      try await harness.collector(Self.atOnce).collect()
      #expect(try await harness.contents() == 0)
    }
  }

  @Test func `the scratch of dead workers is deleted, that of the living and of strangers is not`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      let (living, dead) = (Identifiers.UUID.next(), Identifiers.UUID.next())
      let worker = WorkerRecord(id: living, host: "test", processID: 1, build: "test", stages: [])
      try await harness.client.withConnection { connection throws(PostgresError) in
        try await Ledger.renewLease(of: worker, for: .seconds(60), on: connection)
      }
      let names = ["\(living)", "\(dead)", "else"]
      for name in names {
        try FileManager.default.createDirectory(
          atPath: "\(harness.folder)/scratch/\(name)", withIntermediateDirectories: true)
      }
      try await harness.collector(Self.atOnce).collect()
      #expect(names.map { access("\(harness.folder)/scratch/\($0)", F_OK) == 0 } == [true, false, true])
    }
  }

  @Test func `an old month of history is dropped, and a missing one takes what waits for it`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      let happens: SQL = "insert into history (asset, stage, event) values (gen_random_uuid(), 'one', 'done')"
      let waiting: SQL = "select count(*) as n from history_default"
      try await harness.client.query(happens)
      try await harness.client.query(
        """
        insert into charge (id, organisation, asset, stage, provider, units, unit, state)
        values (\(Identifiers.UUID.next()), 'default', gen_random_uuid(), 'one', 'speech', 1, 'second', 'settled')
        """)
      #expect(try await harness.count(waiting) == 0, "its month was made by the migration")
      try await harness.collector(Retention()).collect()
      #expect(try await harness.count("select count(*) as n from history") == 1)
      // As if the month had ended long ago.
      try await harness.collector(Retention(history: .days(-31))).collect()
      #expect(try await harness.count("select count(*) as n from history") == 0)
      #expect(try await harness.count("select count(*) as n from charge") == 1)
      try await harness.client.query(happens)
      #expect(try await harness.count(waiting) == 1)
      try await harness.collector(Retention()).collect()
      #expect(try await harness.count(waiting) == 0)
      #expect(try await harness.count("select count(*) as n from history") == 1)
      #expect(try await harness.count("select count(*) as n from charge_default") == 0, "ids go by time")
    }
  }

  @Test func `replays that ended long ago are deleted with their items`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      try await harness.client.query(
        """
        with r as (
          insert into replay (id, request, state, lane, is_fresh, takes_dead, requested_by, finished_at)
          select gen_random_uuid(), '{}', state, 'bulk', false, false, 'ada', finished_at
          from (values ('finished', now() - interval '91 days'), ('cancelled', now() - interval '99 days'),
            ('finished', now()), ('paused', null)) as v (state, finished_at)
          returning id
        )
        insert into replay_item (replay, rank, stage) select id, n, 'one' from r, generate_series(1, 12000) as n
        """)
      try await harness.collector(Retention()).collect()
      #expect(try await harness.count("select count(*) as n from replay") == 2)
      #expect(try await harness.count("select count(*) as n from replay_item") == 24_000)
    }
  }
}

extension EngineHarness {
  fileprivate func collector(_ retention: Retention) -> Collector {
    let ledger = Ledger(client: client, loop: loop, worker: .next(), build: "test", circuit: Circuit())
    return Collector(
      ledger: ledger, blobs: blobs, scratchFolder: "\(folder)/scratch", retention: retention, logger: .silent)
  }

  /// How many blobs there are.
  fileprivate func contents() async throws -> Int {
    var count = 0
    for byte in UInt8.min ... .max { count += try await blobs.list(BlobOwner("default")!, firstByte: byte).count }
    return count
  }
}
