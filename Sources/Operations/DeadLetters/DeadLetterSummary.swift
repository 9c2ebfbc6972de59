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
  /// The topic that it was first published to.
  package let routingKey: String
  /// The name of its group.
  package let group: String
  /// A stable word for machines.
  package let errorCode: String
  package let error: String
  /// Starts before it was given up.
  package let attempts: Int
  package let state: DeadLetterState

  /// The columns that the initialiser reads.
  static let columns: SQL = "id, at, queue, stage, asset, routing_key, group_name, error_code, error, attempts, state"

  init(_ row: PostgresRow) throws(PostgresError) {
    id = try row["id", as: UUID.self]
    at = try row["at", as: Timestamp.self]
    queue = try row["queue", as: String.self]
    stage = try row["stage", as: String?.self]
    asset = try row["asset", as: UUID?.self].map(AssetID.init)
    routingKey = try row["routing_key", as: String.self]
    group = try row["group_name", as: String.self]
    errorCode = try row["error_code", as: String.self]
    error = try row["error", as: String.self]
    attempts = Int(try row["attempts", as: Int32.self])
    state = try row.word("state", as: DeadLetterState.self)
  }

  /// For programs; what is not known is null.
  package var json: JSON { .object(members) }

  var members: [String: JSON] {
    [
      "id": .string(id.description), "at": .time(at), "queue": .string(queue), "stage": .text(stage),
      "asset": .text(asset?.description), "routingKey": .string(routingKey), "group": .string(group),
      "errorCode": .string(errorCode), "error": .string(error), "attempts": .count(attempts),
      "state": .string(state.rawValue),
    ]
  }
}
