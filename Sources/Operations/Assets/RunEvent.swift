internal import Engine
internal import Identifiers
package import JSON
package import Pipeline
package import PostgreSQL

/// One step in the history of a stage's runs.
package struct RunEvent: Sendable, Equatable {
  /// Where it stands in the history; later ones are greater.
  package let id: Int64
  package let at: Timestamp
  package let asset: AssetID
  package let stage: String
  /// `done`, `adopted` (made before, so not again), `continued`, `parked`, `awaiting`, `returned`, `dead`, or
  /// `requested` (by a replay).
  package let event: String
  package let attempt: Int
  package let duration: Duration?
  package let worker: WorkerName?
  package let errorCode: String?
  package let error: String?
  package let detail: String?

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "type": "run", "at": .time(at), "stage": .string(stage), "event": .string(event), "attempt": .count(attempt),
      "seconds": .seconds(duration), "worker": worker?.json ?? .null, "errorCode": .text(errorCode),
      "error": .text(error), "detail": .text(detail),
    ]
  }

  /// The latest events of an asset, in their order.
  ///
  /// - Parameter stage: of that one only; of all if nil.
  static func read(
    of asset: AssetID, stage: String? = nil, limit: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [RunEvent] {
    let condition: SQL = if let stage { " and h.stage = \(stage)" } else { "" }
    let rows = try await connection.query(
      """
      select h.*, w.host, w.process_id from history h left join worker w on w.id = h.worker
      where h.asset = \(asset.uuid)\(condition) order by h.id desc limit \(Int64(limit))
      """)
    return try rows.reversed().map { row throws(PostgresError) in try RunEvent(row) }
  }

  private init(_ row: PostgresRow) throws(PostgresError) {
    id = try row["id", as: Int64.self]
    at = try row["at", as: Timestamp.self]
    asset = AssetID(try row["asset", as: UUID.self])
    stage = try row["stage", as: String.self]
    event = try row["event", as: String.self]
    attempt = Int(try row["attempt", as: Int32.self])
    duration = try row["duration_ms", as: Int64?.self].map { .milliseconds($0) }
    worker = try WorkerName(row)
    errorCode = try row["error_code", as: String?.self]
    error = try row["error", as: String?.self]
    detail = try row["detail", as: String?.self]
  }
}
