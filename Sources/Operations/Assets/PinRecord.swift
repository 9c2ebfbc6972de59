internal import Engine
internal import Hashing
package import JSON
package import Pipeline
package import PostgreSQL

/// An artifact that a person edited by hand.
package struct PinRecord: Sendable, Equatable {
  package let kind: ArtifactKind
  package let fingerprint: Fingerprint
  package let person: String
  package let at: Timestamp

  init(_ row: PostgresRow) throws(PostgresError) {
    kind = ArtifactKind(rawValue: try row["kind", as: String.self])
    fingerprint = try row.digest("fingerprint")
    person = try row["pinned_by", as: String.self]
    at = try row["pinned_at", as: Timestamp.self]
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "kind": .string(kind.rawValue), "fingerprint": .string(fingerprint.description), "by": .string(person),
      "at": .time(at),
    ]
  }
}
