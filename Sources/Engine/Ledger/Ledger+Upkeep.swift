internal import Hashing
package import Identifiers
internal import JSON
package import Pipeline
package import PostgreSQL

/// What a process does at intervals, whoever of them is first.
extension Ledger {
  /// Says that this worker lives, for as long as a lease.
  ///
  /// - Parameter connection: one of its own, so that no other work delays it.
  package static func renewLease(
    of worker: WorkerRecord, for lease: Duration, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    _ = try await connection.query(
      """
      insert into worker (id, host, process_id, build, stages, lease_until)
      values (\(worker.id), \(worker.host), \(Int64(worker.processID)), \(worker.build),
        \(worker.stages.map(\.rawValue)), now() + \(lease.milliseconds) * interval '1 millisecond')
      on conflict (id) do update set lease_until = excluded.lease_until
      """)
  }

  /// Ends this worker's lease and gives back what it still holds: no attempt and no crash is counted.
  package func endLease() async throws(PostgresError) {
    _ = try await query(
      """
      with w as (delete from worker where id = \(worker))
      update run set state = 'parked', due = now(), announced_at = null, attempts = attempts - 1, trace = null
      where worker = \(worker) and state = 'running'
      """)
  }

  /// Puts parked runs that are due into the outbox, for their stage alone: people's work before back-fill, and of each
  /// stage no more than its queue should hold, so that a crowd that comes due at once waits here and not before others'
  /// new work.
  ///
  /// - Parameter crowd: announced runs a stage and lane that nobody has taken yet. Announcements older than 15 minutes do
  ///   not count: the queue may have been purged. Paused stages have none.
  /// - Returns: how many.
  package func announceDue(crowd: Int) async throws(PostgresError) -> Int {
    try await announce(
      """
      with waiting as materialized (
        select stage, lane, count(*) as count from run
        where state = 'parked' and announced_at > now() - interval '15 minutes' group by 1, 2
      ), room as materialized (
        select l.number, d.stage, l.lane, \(Int64(crowd)) - coalesce(w.count, 0) as count
        from (
          select stage from definition except select stage from stage_pause where until > now()
        ) as d
        cross join (values (1, 'live'), (2, 'bulk')) as l (number, lane)
        left join waiting w on w.stage = d.stage and w.lane = l.lane
      )
      select due.asset, due.stage from room cross join lateral (
        select asset, stage from run
        where state = 'parked' and announced_at is null and due <= now() and stage = room.stage and lane = room.lane
        order by due limit greatest(room.count, 0) for update skip locked
      ) as due
      order by room.number
      """)
  }

  /// Puts runs whose worker lost its lease into the outbox, and once more what was announced long ago: its message may
  /// have been purged.
  ///
  /// - Returns: how many; `limit` means that there may be more.
  package func announceOrphaned(limit: Int) async throws(PostgresError) -> Int {
    try await announce(
      """
      select asset, stage from run r
      where state = 'running' and (announced_at is null or announced_at < now() - interval '5 minutes')
          and not exists (select from worker w where w.id = r.worker and w.lease_until > now())
        or state = 'parked' and due <= now() and announced_at < now() - interval '15 minutes'
          and not exists (select from stage_pause p where p.stage = r.stage and p.until > now())
      limit \(Int64(limit)) for update skip locked
      """)
  }

  private func announce(_ chosen: SQL) async throws(PostgresError) -> Int {
    try await transaction { connection throws(PostgresError) in
      let rows = try await connection.query(
        """
        with chosen as (\(chosen))
        update run r set announced_at = now() from chosen c, asset a
        where r.asset = c.asset and r.stage = c.stage and a.id = r.asset
        returning r.asset, r.stage, r.lane, r.trace, a.media_type, a.slug
        """)
      var entries: [OutboxEntry] = []
      for row in rows {
        guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
        let message = Message(
          asset: AssetID(try row["asset", as: UUID.self]), slug: try row["slug", as: String?.self],
          mediaType: try row.word("media_type", as: MediaType.self),
          requestedAt: Timestamp.now.millisecondsSince1970, stage: .stage(stage))
        entries.append(
          OutboxEntry(
            message, lane: try row.word("lane", as: Lane.self), trace: try row["trace", as: String?.self]))
      }
      try await Self.write(entries, on: connection)
      return rows.count
    }
  }

  /// How long until the next parked run is due; nil if none is to come. Those that are due for a while count no more.
  package func timeUntilDue() async throws(PostgresError) -> Duration? {
    let rows = try await query(
      """
      select extract(epoch from min(next.due) - now())::float8 as seconds
      from (select distinct stage from definition) as d cross join (values ('live'), ('bulk')) as l (lane)
      cross join lateral (
        select due from run
        where state = 'parked' and announced_at is null and due > now() - interval '100 milliseconds' and stage = d.stage and lane = l.lane
        order by due limit 1
      ) as next
      """)
    return try rows.one()["seconds", as: Double?.self].map { .seconds($0) }
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
