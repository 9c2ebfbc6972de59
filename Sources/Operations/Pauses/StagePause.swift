package import JSON
package import PostgreSQL

/// A stage that somebody has stopped for a time: workers do not take it, and its messages stay in their queues.
package struct StagePause: Sendable, Equatable {
  package let stage: String
  package let owner: String
  package let reason: String
  package let pausedAt: Timestamp
  /// When it ends by itself.
  package let until: Timestamp

  /// For programs.
  package var json: JSON {
    [
      "stage": .string(stage), "owner": .string(owner), "reason": .string(reason), "pausedAt": .time(pausedAt),
      "until": .time(until),
    ]
  }

  init(_ row: PostgresRow) throws(PostgresError) {
    stage = try row["stage", as: String.self]
    owner = try row["owner", as: String.self]
    reason = try row["reason", as: String.self]
    pausedAt = try row["paused_at", as: Timestamp.self]
    until = try row["until", as: Timestamp.self]
  }
}
