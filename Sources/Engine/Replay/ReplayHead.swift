internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// The row of a replay, as whoever goes on with it holds it locked.
struct ReplayHead: Sendable {
  let id: UUID
  let state: ReplayState
  let lane: Lane
  let limits: ReplayLimits
  /// Messages that are asked for and not announced.
  let unannounced: Int
  /// The last item that was asked for.
  let requested: Bookmark
  /// The last item that was announced.
  let announced: Bookmark

  /// A place in the list. It is given to statements as a value: a join with the replay's row would read the whole list.
  struct Bookmark: Sendable {
    let rank: Int64
    let number: Int64
  }

  /// Locks the row until the transaction ends.
  ///
  /// - Returns: nil if there is none that can be gone on with, or another process does.
  static func lock(_ id: UUID, on connection: some PostgresQueryable) async throws(PostgresError) -> ReplayHead? {
    let rows = try await connection.query(
      """
      select id, state, lane, total, requested, announced, skipped, sent, succeeded, failed, dropped, rate,
        extract(epoch from now() - paced_at)::float8 as unpaced, canary, canary_goal, succeeded_before, failed_before,
        sent_before, budget, spent, unit_cost, requested_rank, requested_number, announced_rank, announced_number
      from replay where id = \(id) and state in ('running', 'paused', 'cancelled') and finished_at is null
      for update skip locked
      """)
    guard let row = rows.first else { return nil }
    return try ReplayHead(row)
  }

  private init(_ row: PostgresRow) throws(PostgresError) {
    func count(_ column: String) throws(PostgresError) -> Int { Int(try row[column, as: Int64.self]) }
    id = try row["id", as: UUID.self]
    state = try row.word("state", as: ReplayState.self)
    lane = try row.word("lane", as: Lane.self)
    let ended = ReplayLimits.Ended(
      succeeded: try count("succeeded"), failed: try count("failed"), sent: try count("sent"))
    let requested = try count("requested")
    unannounced = requested - (try count("announced"))
    self.requested = Bookmark(
      rank: try row["requested_rank", as: Int64.self], number: try row["requested_number", as: Int64.self])
    announced = Bookmark(
      rank: try row["announced_rank", as: Int64.self], number: try row["announced_number", as: Int64.self])
    limits = ReplayLimits(
      waiting: try count("total") - requested - (try count("skipped")), requested: requested, ended: ended,
      open: requested - ended.succeeded - ended.failed - ended.sent - (try count("dropped")),
      rate: try Self.rate(row), canary: try Self.canary(row), budget: try Self.budget(row))
  }

  private static func rate(_ row: PostgresRow) throws(PostgresError) -> ReplayLimits.Rate? {
    guard let rate = try row["rate", as: Double?.self] else { return nil }
    return ReplayLimits.Rate(perSecond: rate, unused: .seconds(max(0, try row["unpaced", as: Double.self])))
  }

  private static func canary(_ row: PostgresRow) throws(PostgresError) -> ReplayLimits.Canary? {
    guard let count = try row["canary", as: Int64?.self] else { return nil }
    return ReplayLimits.Canary(
      count: Int(count), goal: Int(try row["canary_goal", as: Int64.self]),
      before: ReplayLimits.Ended(
        succeeded: Int(try row["succeeded_before", as: Int64.self]),
        failed: Int(try row["failed_before", as: Int64.self]), sent: Int(try row["sent_before", as: Int64.self])))
  }

  private static func budget(_ row: PostgresRow) throws(PostgresError) -> ReplayLimits.Budget? {
    guard let units = try row["budget", as: Double?.self] else { return nil }
    return ReplayLimits.Budget(
      units: units, spent: try row["spent", as: Double.self], unitCost: try row["unit_cost", as: Double.self])
  }
}
