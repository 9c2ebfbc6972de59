internal import Engine
package import JSON
internal import Pipeline
package import PostgreSQL

/// A group of dead letters: one stage, one code, one cause.
package struct DeadLetterGroupReport: Sendable, Equatable {
  package let name: String
  package let queue: String
  /// Nil for what no stage serves.
  package let stage: String?
  package let errorCode: String
  /// What their errors have in common.
  package let pattern: String
  /// The error of one of them.
  package let example: String
  package let counts: [DeadLetterState: Int]
  package let firstSeen: Timestamp
  package let lastSeen: Timestamp
  /// When the work of one of them was last asked for again.
  package let lastReplayedAt: Timestamp?
  /// The builds that gave up, the latest last.
  package let builds: [String]
  /// Another build that takes the stage since, and has not given up for this reason: a replay may go better.
  package let newerBuild: String?
  package let note: String?
  package let notedBy: String?
  package let notedAt: Timestamp?

  package var open: Int { counts[.open] ?? 0 }

  init(_ row: PostgresRow) throws(PostgresError) {
    name = try row["name", as: String.self]
    queue = try row["queue", as: String.self]
    stage = try row["stage", as: String?.self]
    errorCode = try row["error_code", as: String.self]
    example = try row["error", as: String.self]
    pattern = ErrorPattern(of: example).description
    var counts: [DeadLetterState: Int] = [:]
    for state in DeadLetterState.allCases { counts[state] = try row.count(state.rawValue) }
    self.counts = counts
    firstSeen = try row["first_seen", as: Timestamp.self]
    lastSeen = try row["last_seen", as: Timestamp.self]
    lastReplayedAt = try row["last_replayed_at", as: Timestamp?.self]
    builds = try row["builds", as: [String].self]
    newerBuild = try row["newer_build", as: String?.self]
    note = try row["note", as: String?.self]
    notedBy = try row["noted_by", as: String?.self]
    notedAt = try row["noted_at", as: Timestamp?.self]
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    var members: [String: JSON] = [
      "name": .string(name), "queue": .string(queue), "stage": .text(stage), "errorCode": .string(errorCode),
      "pattern": .string(pattern), "example": .string(example), "firstSeen": .time(firstSeen),
      "lastSeen": .time(lastSeen), "lastReplayedAt": .time(lastReplayedAt), "builds": .texts(builds),
      "newerBuild": .text(newerBuild), "note": .text(note), "notedBy": .text(notedBy), "notedAt": .time(notedAt),
    ]
    for (state, count) in counts { members[state.rawValue] = .count(count) }
    return .object(members)
  }
}
