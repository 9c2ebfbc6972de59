package import Hashing
package import Identifiers
package import PostgreSQL

/// What the collector asks of the database. Each is one bounded step of one process at a time.
extension Ledger {
  /// Erases what belongs to assets that were deleted longer ago than the grace time, and keeps their tombstones. Who
  /// restores one at this moment wins; what is made of others goes after them, so that nothing comes back in part.
  ///
  /// - Returns: how many; `limit` means that there may be more.
  package func eraseDeleted(olderThan grace: Duration, limit: Int) async throws(PostgresError) -> Int {
    try await alone { connection throws(PostgresError) in
      let ids = try await connection.query(
        """
        update asset set erased_at = now(), updated_at = now(), title = '', tags = '{}', labels = '{}', file_name = null
        where id in (
          select id from asset
          where lifecycle = 'deleted' and erased_at is null
            and deleted_at < now() - \(grace.milliseconds) * interval '1 millisecond'
          order by deleted_at, parent nulls first limit \(Int64(limit)) for update skip locked)
        returning id
        """
      ).column("id", as: UUID.self)
      guard !ids.isEmpty else { return 0 }
      for table in ["artifact", "run", "history", "run_window", "pin", "passage", "spare_result"] {
        _ = try await connection.query("delete from \(identifier: table) where asset = any(\(ids)::uuid[])")
      }
      return ids.count
    } ?? 0
  }

  /// Erases dead letters that were discarded longer ago than the grace time; what people did to them is kept.
  ///
  /// - Returns: how many; `limit` means that there may be more.
  package func eraseDiscarded(olderThan grace: Duration, limit: Int) async throws(PostgresError) -> Int {
    try await alone { connection throws(PostgresError) in
      try await connection.query(
        """
        delete from dead_letter where id in (
          select id from dead_letter
          where state = 'discarded' and settled_at < now() - \(grace.milliseconds) * interval '1 millisecond'
          order by settled_at limit \(Int64(limit)) for update skip locked)
        returning id
        """
      ).count
    } ?? 0
  }

  /// Removes workers that are long dead, and leases whose run has ended otherwise.
  package func tidyLeases() async throws(PostgresError) {
    _ = try await alone { connection throws(PostgresError) in
      _ = try await connection.query("delete from worker where lease_until < now() - interval '1 day'")
      _ = try await connection.query("delete from provider_call where started_at < now() - interval '1 day'")
      _ = try await connection.query("delete from stage_pause where until < now() - interval '1 day'")
      _ = try await connection.query(
        """
        delete from recipe_lease l where not exists (
          select from run r
          where r.asset = l.asset and r.stage = l.stage and r.token = l.token and r.state = 'running')
        """)
    }
  }

  /// Makes the coming months of history and charges, and drops those that ended longer ago than they are kept.
  ///
  /// Whoever writes waits while a month is dropped, so this does not wait long for those who read; what it did not get
  /// to is done in the next round.
  package func keepMonths(history: Duration, charges: Duration) async throws(PostgresError) {
    for (table, age) in [("history", history), ("charge", charges)] {
      _ = try await alone { connection throws(PostgresError) in
        _ = try await connection.query("set local lock_timeout = '2s'")
        _ = try await connection.query("select make_months(\(table), 2)")
        _ = try await connection.query(
          "select drop_months(\(table), \(age.milliseconds) * interval '1 millisecond')")
      }
    }
  }

  /// Deletes a part of the items of replays that ended longer ago than the age, and those of them that have none left.
  ///
  /// - Returns: whether there may be more.
  package func deleteReplays(olderThan age: Duration, limit: Int) async throws(PostgresError) -> Bool {
    try await alone { connection throws(PostgresError) in
      let old = try await connection.query(
        """
        select id from replay where finished_at < now() - \(age.milliseconds) * interval '1 millisecond'
        order by finished_at limit 1
        """
      ).column("id", as: UUID.self)
      guard let replay = old.first else { return false }
      let deleted = try await connection.query(
        """
        delete from replay_item where ctid = any(array(
          select ctid from replay_item where replay = \(replay) limit \(Int64(limit))))
        """
      ).affectedRows
      if deleted < limit { _ = try await connection.query("delete from replay where id = \(replay)") }
      return true
    } ?? false
  }

  /// Which of an organisation's contents nothing refers to. The offset keeps them looked up one by one: joined, every
  /// reference there is would be read.
  package func unreferenced(
    among digests: [SHA256Digest], of organisation: String
  ) async throws(PostgresError) -> Set<SHA256Digest> {
    let rows = try await query(
      """
      select digest from unnest(\(digests.map(\.bytes))::bytea[]) as u (digest)
      where not exists (
        select from blob_reference b where b.blob = u.digest and b.organisation = \(organisation) offset 0)
      """)
    var unreferenced: Set<SHA256Digest> = []
    for row in rows { unreferenced.insert(try row.digest("digest")) }
    return unreferenced
  }

  /// Runs `body`, which deletes content, unless a backup needs it to stay.
  ///
  /// - Returns: whether it was run.
  /// - Throws: what `body` throws, or why there is no transaction, as a `PostgresTransactionError`.
  func deletingContent(_ body: () async throws -> Void) async throws -> Bool {
    try await client.withTransaction { transaction in
      guard try await ContentLock.tryTake(on: transaction) else { return false }
      try await body()
      return true
    }
  }

  /// The workers that live, or did not long ago.
  package func livingWorkers(within time: Duration) async throws(PostgresError) -> Set<UUID> {
    let rows = try await query(
      "select id from worker where lease_until > now() - \(time.milliseconds) * interval '1 millisecond'")
    return Set(try rows.column("id", as: UUID.self))
  }

  /// Runs a transaction unless another process of this schema collects at the moment; nil if one does.
  private func alone<Value: Sendable>(
    _ body: @escaping @Sendable (PostgresTransaction) async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value? {
    try await transaction { connection throws(PostgresError) in
      let rows = try await connection.query(
        "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.collector', 0)) as ours")
      guard try rows.one()["ours", as: Bool.self] else { return nil }
      return try await body(connection)
    }
  }
}
