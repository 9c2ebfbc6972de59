package import Engine
package import Identifiers
package import JSON
internal import Pipeline
package import PostgreSQL

/// How far a replay is.
package struct ReplayReport: Sendable, Equatable {
  package let id: UUID
  /// Nil where another build wrote what this one cannot read.
  package let request: ReplayRequest?
  package let state: ReplayState
  /// Why it is paused or cancelled.
  package let stateReason: String?
  package let createdAt: Timestamp
  /// When the first item was asked for.
  package let startedAt: Timestamp?
  package let finishedAt: Timestamp?
  /// How long items are being asked for and ended, until now or until it finished.
  package let elapsed: Duration?
  /// Whether its canary has not succeeded yet.
  package let awaitsCanary: Bool
  /// What it was charged, where it has a budget.
  package let spent: Double
  package let total: Int
  package let requested: Int
  package let announced: Int
  package let sent: Int
  package let succeeded: Int
  package let failed: Int
  package let dropped: Int
  package let skipped: Int

  /// Asked for, and not ended.
  package var open: Int { requested - ended }
  /// Their turn has not come.
  package var waiting: Int { total - requested - skipped }
  private var ended: Int { sent + succeeded + failed + dropped }

  /// Items that ended in a second, on average; nil where that cannot be told yet.
  package var rate: Double? {
    guard let elapsed, elapsed > .zero, ended > 0 else { return nil }
    return Double(ended) / (elapsed / .seconds(1))
  }

  /// How long it takes to the end if it goes on as on average so far; nil where it does not go on, or nothing is known.
  package var timeLeft: Duration? {
    guard state == .running, let rate else { return nil }
    return .seconds(Double(waiting + open) / rate)
  }

  /// For programs; what is not known is null.
  package var json: JSON { .object(members) }

  var members: [String: JSON] {
    [
      "id": .string(id.description), "request": request?.json ?? .null, "state": .string(state.rawValue),
      "stateReason": .text(stateReason), "createdAt": .time(createdAt), "startedAt": .time(startedAt),
      "finishedAt": .time(finishedAt), "awaitsCanary": .bool(awaitsCanary), "spent": .number(spent),
      "total": .count(total), "waiting": .count(waiting), "requested": .count(requested),
      "announced": .count(announced), "open": .count(open), "sent": .count(sent), "succeeded": .count(succeeded),
      "failed": .count(failed), "dropped": .count(dropped), "skipped": .count(skipped), "perSecond": .number(rate),
      "secondsLeft": .seconds(timeLeft),
    ]
  }

  /// The columns that the initialiser reads.
  static let columns: SQL = """
    id, request, state, state_reason, created_at, started_at, finished_at, canary, spent, total, requested, announced,
    sent, succeeded, failed, dropped, skipped,
    extract(epoch from coalesce(finished_at, now()) - started_at)::float8 as elapsed
    """

  init(_ row: PostgresRow) throws(PostgresError) {
    id = try row["id", as: UUID.self]
    request = ReplayRequest(try row.json("request"))
    state = try row.word("state", as: ReplayState.self)
    stateReason = try row["state_reason", as: String?.self]
    createdAt = try row["created_at", as: Timestamp.self]
    startedAt = try row["started_at", as: Timestamp?.self]
    finishedAt = try row["finished_at", as: Timestamp?.self]
    elapsed = try row["elapsed", as: Double?.self].map { .seconds($0) }
    awaitsCanary = try row["canary", as: Int64?.self] != nil
    spent = try row["spent", as: Double.self]
    total = try row.count("total")
    requested = try row.count("requested")
    announced = try row.count("announced")
    sent = try row.count("sent")
    succeeded = try row.count("succeeded")
    failed = try row.count("failed")
    dropped = try row.count("dropped")
    skipped = try row.count("skipped")
  }
}
