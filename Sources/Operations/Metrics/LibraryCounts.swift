internal import PostgreSQL

/// What the database has to count for metrics; each statement reads an index of what is open, or a few rows.
struct LibraryCounts: Sendable {
  /// Parked runs by stage.
  var parked: [String: Int] = [:]
  /// Open dead letters by stage.
  var deadLetters: [String: Int] = [:]
  var outbox = 0
  /// How long the oldest message of the outbox has been due, in seconds.
  var outboxAge = 0.0
  /// Items of all replays by what came of them.
  var replays: [String: Int] = [:]

  static func read(on connection: some PostgresQueryable) async throws(PostgresError) -> LibraryCounts {
    var counts = LibraryCounts()
    let parked = try await connection.query(
      """
      select stage, count(*) as count from (
        select stage from run where state = 'parked' and announced_at is null
        union all
        select stage from run where state = 'parked' and announced_at is not null
      ) as r group by stage
      """)
    for row in parked { counts.parked[try row["stage", as: String.self]] = try row.count("count") }
    let letters = try await connection.query(
      """
      select coalesce(stage, queue) as stage, sum(open)::int8 as count from dead_letter_group where open > 0 group by 1
      """)
    for row in letters { counts.deadLetters[try row["stage", as: String.self]] = try row.count("count") }
    let outbox = try await connection.query(
      """
      select count(*) as count,
        coalesce(extract(epoch from now() - min(publish_at) filter (where publish_at <= now())), 0)::float8 as age
      from outbox
      """
    ).one()
    counts.outbox = try outbox.count("count")
    counts.outboxAge = try outbox["age", as: Double.self]
    let replays = try await connection.query(
      """
      select r.result, sum(r.count)::int8 as count from replay, lateral (values
        ('requested', requested), ('announced', announced), ('succeeded', succeeded), ('failed', failed),
        ('dropped', dropped), ('skipped', skipped)) as r (result, count)
      group by 1
      """)
    for row in replays { counts.replays[try row["result", as: String.self]] = try row.count("count") }
    return counts
  }
}
