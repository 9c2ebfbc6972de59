internal import Engine
package import JSON
package import PostgreSQL

/// What a person did to a dead letter, or to a group of them.
package struct DeadLetterChange: Sendable, Equatable {
  package enum Action: String, Sendable {
    case edit
    case archive
    case restore
    case discard
    /// A note on the group; its text is the reason.
    case note
  }

  /// One side of a change; what stayed as it was is nil.
  package struct Side: Sendable, Equatable {
    package let state: DeadLetterState?
    package let headers: JSON?
    package let body: [UInt8]?

    var json: JSON {
      [
        "state": .text(state?.rawValue), "headers": headers ?? .null,
        "body": .text(body.map { String(decoding: $0, as: UTF8.self) }),
      ]
    }
  }

  package let at: Timestamp
  package let action: Action
  package let person: String
  /// Empty if none was given.
  package let reason: String
  package let before: Side
  package let after: Side

  init(_ row: PostgresRow) throws(PostgresError) {
    at = try row["at", as: Timestamp.self]
    action = try row.word("action", as: Action.self)
    person = try row["person", as: String.self]
    reason = try row["reason", as: String.self]
    before = try Side(row, "before")
    after = try Side(row, "after")
  }

  /// For programs; what is not known or did not change is null.
  package var json: JSON {
    [
      "at": .time(at), "action": .string(action.rawValue), "person": .string(person), "reason": .string(reason),
      "before": before.json, "after": after.json,
    ]
  }
}

extension DeadLetterChange.Side {
  fileprivate init(_ row: PostgresRow, _ side: String) throws(PostgresError) {
    state = try row["state_\(side)", as: String?.self].flatMap(DeadLetterState.init(rawValue:))
    headers = try row["headers_\(side)", as: JSONText?.self] == nil ? nil : row.json("headers_\(side)")
    body = try row["body_\(side)", as: [UInt8]?.self]
  }
}
