internal import Hashing
package import Identifiers
internal import JSON
package import Pipeline
package import PostgreSQL

/// What a process does at intervals, whoever of them is first.
extension Ledger {
  /// How long a worker's lease lasts without renewal, in seconds.
  static let leaseSeconds: Int32 = 20

  /// Says that this worker lives, for as long as a lease.
  ///
  /// - Parameter connection: one of its own, so that no other work delays it.
  package static func renewLease(
    of worker: WorkerRecord, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    _ = try await connection.query(
      """
      insert into worker (id, host, process_id, build, stages, lease_until)
      values (\(worker.id), \(worker.host), \(Int64(worker.processID)), \(worker.build),
        \(worker.stages.map(\.rawValue)), now() + \(leaseSeconds) * interval '1 second')
      on conflict (id) do update set lease_until = excluded.lease_until
      """)
  }

  /// Ends this worker's lease: what it still holds is anybody's.
  package func endLease() async throws(PostgresError) {
    _ = try await query("delete from worker where id = \(worker)")
  }

  /// Puts due parked runs, and runs whose worker lost its lease, into the outbox, for their stage alone.
  ///
  /// - Returns: how many; `limit` means that there may be more.
  package func announceDue(limit: Int) async throws(PostgresError) -> Int {
    try await transaction { connection throws(PostgresError) in
      let rows = try await connection.query(
        """
        with due as (
          select r.asset, r.stage from run r
          where r.state = 'parked' and r.due <= now()
            and (r.announced_at is null or r.announced_at < now() - interval '5 minutes')
          order by r.due limit \(Int64(limit)) for update skip locked
        ), orphaned as (
          select r.asset, r.stage from run r
          where r.state = 'running'
            and not exists (select from worker w where w.id = r.worker and w.lease_until > now())
            and (r.announced_at is null or r.announced_at < now() - interval '5 minutes')
          limit \(Int64(limit)) for update skip locked
        )
        update run r set announced_at = now()
        from (select * from due union select * from orphaned) as d, asset a
        where r.asset = d.asset and r.stage = d.stage and a.id = r.asset
        returning r.asset, r.stage, r.lane, a.media_type, a.slug
        """)
      var entries: [OutboxEntry] = []
      for row in rows {
        guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
        let message = Message(
          asset: AssetID(try row["asset", as: UUID.self]), slug: try row["slug", as: String?.self],
          mediaType: try row.word("media_type", as: MediaType.self),
          requestedAt: Timestamp.now.millisecondsSince1970, stage: .stage(stage))
        entries.append(OutboxEntry(message, lane: try row.word("lane", as: Lane.self)))
      }
      try await Self.write(entries, on: connection)
      return rows.count
    }
  }

  /// Seconds until the next parked run is due; nil if none is parked.
  package func secondsUntilDue() async throws(PostgresError) -> Double? {
    let rows = try await query(
      """
      select extract(epoch from min(due) - now())::float8 as seconds from run
      where state = 'parked' and announced_at is null
      """)
    return try rows.one()["seconds", as: Double?.self]
  }

  /// Removes workers whose lease ended a day ago, for tidiness.
  package func forgetWorkers() async throws(PostgresError) {
    _ = try await query("delete from worker where lease_until < now() - interval '1 day'")
  }
}

/// A worker as the database knows it.
package struct WorkerRecord: Sendable {
  package let id: UUID
  package let host: String
  package let processID: Int32
  package let build: String
  package let stages: [StageName]

  package init(id: UUID, host: String, processID: Int32, build: String, stages: [StageName]) {
    self.id = id
    self.host = host
    self.processID = processID
    self.build = build
    self.stages = stages
  }
}
