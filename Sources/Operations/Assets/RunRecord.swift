internal import Engine
package import JSON
package import Pipeline
package import PostgreSQL

/// The last run of a stage for an asset, as people see it.
package struct RunRecord: Sendable, Equatable {
  /// As the database has it: `running`, `parked`, `requested`, `done` or `dead`.
  package let state: String
  package let lane: Lane
  /// Starts so far for its recipe.
  package let attempts: Int
  /// How often its worker died.
  package let crashes: Int
  /// From 0 to 1; nil if it says nothing.
  package let progress: Double?
  package let startedAt: Timestamp?
  package let finishedAt: Timestamp?
  /// Parked: not before.
  package let due: Timestamp?
  /// Whether it waits for another asset's run of the same recipe.
  package let awaitsAnother: Bool
  package let worker: WorkerName?
  package let errorCode: String?
  package let error: String?

  /// Reads a row of `run` joined with its worker.
  init(_ row: PostgresRow) throws(PostgresError) {
    state = try row["state", as: String.self]
    lane = try row.word("lane", as: Lane.self)
    attempts = Int(try row["attempts", as: Int32.self])
    crashes = Int(try row["crashes", as: Int32.self])
    progress = try row["progress", as: Float?.self].map(Double.init)
    startedAt = try row["started_at", as: Timestamp?.self]
    finishedAt = try row["finished_at", as: Timestamp?.self]
    due = try row["due", as: Timestamp?.self]
    awaitsAnother = try row["awaits_another", as: Bool.self]
    worker = try WorkerName(row)
    errorCode = try row["error_code", as: String?.self]
    error = try row["error", as: String?.self]
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "state": .string(state), "lane": .string(lane.rawValue), "attempts": .count(attempts),
      "crashes": .count(crashes), "progress": .number(progress), "startedAt": .time(startedAt),
      "finishedAt": .time(finishedAt), "due": .time(due), "awaitsAnother": .bool(awaitsAnother),
      "worker": worker?.json ?? .null, "errorCode": .text(errorCode), "error": .text(error),
    ]
  }
}
