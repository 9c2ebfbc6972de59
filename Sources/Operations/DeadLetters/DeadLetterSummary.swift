internal import Engine
package import Identifiers
package import JSON
package import Pipeline
package import PostgreSQL

/// What was given up on, in a line.
package struct DeadLetterSummary: Sendable, Equatable {
  package let id: UUID
  package let at: Timestamp
  /// The dead-letter queue that its message stands in.
  package let queue: String
  /// Nil where the message did not say a stage that could be read.
  package let stage: String?
  /// Nil where the message could not be read.
  package let asset: AssetID?
  /// A stable word for machines.
  package let errorCode: String
  package let error: String
  /// Starts before it was given up.
  package let attempts: Int
  /// Whether nobody dealt with it.
  package let isOpen: Bool

  /// The columns that the initialiser reads.
  static let columns: SQL = "id, at, queue, stage, asset, error_code, error, attempts, state"

  init(_ row: PostgresRow) throws(PostgresError) {
    id = try row["id", as: UUID.self]
    at = try row["at", as: Timestamp.self]
    queue = try row["queue", as: String.self]
    stage = try row["stage", as: String?.self]
    asset = try row["asset", as: UUID?.self].map(AssetID.init)
    errorCode = try row["error_code", as: String.self]
    error = try row["error", as: String.self]
    attempts = Int(try row["attempts", as: Int32.self])
    isOpen = try row["state", as: String.self] == "open"
  }

  /// For programs; what is not known is null.
  package var json: JSON { .object(members) }

  var members: [String: JSON] {
    [
      "id": .string(id.description), "at": .time(at), "queue": .string(queue), "stage": .text(stage),
      "asset": .text(asset?.description), "errorCode": .string(errorCode), "error": .string(error),
      "attempts": .count(attempts), "isOpen": .bool(isOpen),
    ]
  }
}
