package import Engine
internal import Identifiers
package import JSON
internal import PostgreSQL

/// A replay with what takes a look at all its items to know.
package struct ReplayDetails: Sendable, Equatable {
  /// Items that failed again for one reason.
  package struct Failure: Sendable, Equatable {
    package let errorCode: String
    package let count: Int
    /// One of the errors, as an example.
    package let error: String
  }

  package let report: ReplayReport
  /// How many items ended in each way; those that are open or waiting are not counted.
  package let outcomes: [ReplayOutcome: Int]
  /// The most frequent first.
  package let failures: [Failure]
  /// What came since the list was frozen and would be on it; nil where that is not counted.
  package let newArrivals: Int?

  private static let mostFailures: Int64 = 10

  /// For programs; what is not known is null.
  package var json: JSON {
    var members = report.members
    members["outcomes"] = .object(
      Dictionary(uniqueKeysWithValues: outcomes.map { ($0.key.rawValue, JSON.count($0.value)) }))
    members["failures"] = .array(
      failures.map { ["errorCode": .string($0.errorCode), "count": .count($0.count), "error": .string($0.error)] })
    members["newArrivals"] = .count(newArrivals)
    return .object(members)
  }

  static func read(
    _ report: ReplayReport, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> ReplayDetails {
    let counts = try await connection.query(
      """
      select outcome, count(*) as count from replay_item where replay = \(report.id) and outcome is not null
      group by outcome
      """, timeout: ReplaySelection.timeout)
    var outcomes: [ReplayOutcome: Int] = [:]
    for row in counts { outcomes[try row.word("outcome", as: ReplayOutcome.self)] = try row.count("count") }
    let failures = try await connection.query(
      """
      select coalesce(r.error_code, 'unknown') as code, count(*) as count, coalesce(min(r.error), '') as error
      from replay_item i join run r on r.asset = i.asset and r.stage = i.stage
      where i.replay = \(report.id) and i.outcome = 'failed' group by 1 order by 2 desc, 1 limit \(mostFailures)
      """, timeout: ReplaySelection.timeout)
    return ReplayDetails(
      report: report, outcomes: outcomes,
      failures: try failures.map { row throws(PostgresError) in
        Failure(
          errorCode: try row["code", as: String.self], count: try row.count("count"),
          error: try row["error", as: String.self])
      }, newArrivals: try await newArrivals(since: report, on: connection))
  }

  /// Open dead letters that came since and are about nothing on the list.
  private static func newArrivals(
    since report: ReplayReport, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Int? {
    guard let request = report.request, request.selector == .dead, request.letters.ids.isEmpty else { return nil }
    var condition: SQL = ""
    if !request.stages.isEmpty { condition += " and l.stage = any(\(request.stages.map(\.rawValue))::text[])" }
    if let group = request.letters.group { condition += " and l.group_name = \(group)" }
    if let code = request.letters.errorCode { condition += " and l.error_code = \(code)" }
    return try await connection.query(
      """
      select count(*) as count from dead_letter l
      where l.state = 'open' and l.at > \(report.createdAt)\(condition) and not exists (
        select from replay_item i where i.replay = \(report.id) and i.asset = l.asset and i.stage = l.stage)
      """, timeout: ReplaySelection.timeout
    ).one().count("count")
  }
}
