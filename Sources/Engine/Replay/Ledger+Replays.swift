internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// How replays go on: bit by bit, by any process, one at a time for each. Whatever is done of one is in the database
/// before anything follows from it, so that it goes on after a crash where it was.
extension Ledger {
  /// The replays that somebody must go on with, the oldest first.
  func openReplays() async throws(PostgresError) -> [UUID] {
    try await query(
      """
      select id from replay
      where finished_at is null and (state in ('running', 'cancelled')
        or state = 'paused' and requested > sent + succeeded + failed + dropped)
      order by created_at
      """
    ).column("id", as: UUID.self)
  }

  /// Counts what has ended, asks for the next items as far as the limits allow, and ends or pauses the replay where
  /// that follows. What is asked for is not announced yet; see ``announceReplay(_:limit:publish:)``.
  ///
  /// - Returns: whether anything was done; false also where another process goes on with it.
  func advanceReplay(_ id: UUID, batch: Int) async throws(PostgresError) -> Bool {
    try await transaction { connection throws(PostgresError) in
      guard let before = try await ReplayHead.lock(id, on: connection) else { return false }
      let settled = try await Self.settle(id, limit: batch, on: connection)
      // The counters have changed.
      guard let head = settled > 0 ? try await ReplayHead.lock(id, on: connection) : before else { return true }
      if head.state == .running, try await Self.request(head, batch: batch, on: connection) { return true }
      if settled > 0 { return true }
      if head.limits.open > 0, head.unannounced == 0 { return try await Self.drop(id, limit: batch, on: connection) }
      return try await Self.finish(head, on: connection)
    }
  }

  /// Does what the limits say.
  ///
  /// - Returns: whether anything was asked for or changed.
  private static func request(
    _ head: ReplayHead, batch: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Bool {
    switch head.limits.decision(batch: batch) {
    case .request(0): return false
    case .request(let count): return try await request(next: count, of: head, on: connection)
    case .canaryPassed:
      _ = try await connection.query("update replay set canary = null where id = \(head.id)")
    case .widenCanary(let missing):
      _ = try await connection.query(
        "update replay set canary_goal = requested + \(Int64(missing)) where id = \(head.id)")
    case .pause(let reason):
      _ = try await connection.query(
        "update replay set state = 'paused', state_reason = \(reason) where id = \(head.id)")
    }
    return true
  }

  /// Ends it where nothing is left to ask for, to announce or to wait for.
  private static func finish(
    _ head: ReplayHead, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Bool {
    let isOver = head.state == .cancelled || head.state == .running && head.limits.waiting == 0
    guard isOver, head.limits.open == 0, head.unannounced == 0 else { return false }
    _ = try await connection.query(
      """
      update replay set state = case state when 'running' then 'finished' else state end, finished_at = now()
      where id = \(head.id)
      """)
    return true
  }
}
