internal import Engine
internal import Hashing
package import JSON
package import Pipeline
package import PostgreSQL

/// An artifact of an asset, without its content.
package struct ArtifactRecord: Sendable, Equatable {
  package let kind: ArtifactKind
  package let fingerprint: Fingerprint
  /// Of its JSON value, in bytes.
  package let valueSize: Int64
  /// Of its content in the blob store, in bytes; nil if it has none.
  package let blobSize: Int64?
  /// Why it is empty; nil if it is not.
  package let emptyBecause: String?
  package let madeAt: Timestamp
  /// Whether a person gave it, not a stage.
  package let isGiven: Bool

  init(_ row: PostgresRow) throws(PostgresError) {
    kind = ArtifactKind(rawValue: try row["kind", as: String.self])
    fingerprint = try row.digest("fingerprint")
    valueSize = try row["value_size", as: Int64.self]
    blobSize = try row["blob_size", as: Int64?.self]
    emptyBecause = try row["empty_because", as: String?.self]
    madeAt = try row["made_at", as: Timestamp.self]
    isGiven = try row["is_given", as: Bool.self]
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "kind": .string(kind.rawValue), "fingerprint": .string(fingerprint.description),
      "valueSize": .integer(valueSize), "blobSize": .integer(orNull: blobSize), "emptyBecause": .text(emptyBecause),
      "madeAt": .time(madeAt),
    ]
  }
}
