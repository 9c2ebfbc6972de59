internal import Engine
internal import Identifiers
package import JSON
package import Pipeline
package import PostgreSQL

/// What people know of an asset: its row.
package struct AssetCard: Sendable, Equatable {
  package let id: AssetID
  package let slug: String?
  package let organisation: String
  package let owner: String
  package let mediaType: MediaType
  package let lifecycle: AssetState.Lifecycle
  package let parent: AssetID?
  package let root: AssetID
  /// Where in the root, in milliseconds.
  package let offsetMilliseconds: Int64?
  package let title: String
  package let tags: [String]
  /// The labels that people gave.
  package let labels: [String]
  package let fileName: String?
  package let revision: Int64
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
  package let deletedAt: Timestamp?
  package let erasedAt: Timestamp?

  /// Reads the row; nil if there is none.
  static func read(
    _ id: AssetID, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> AssetCard? {
    guard let row = try await connection.query("select * from asset where id = \(id.uuid)").first else { return nil }
    return try AssetCard(row)
  }

  private init(_ row: PostgresRow) throws(PostgresError) {
    id = AssetID(try row["id", as: UUID.self])
    slug = try row["slug", as: String?.self]
    organisation = try row["organisation", as: String.self]
    owner = try row["owner", as: String.self]
    mediaType = try row.word("media_type", as: MediaType.self)
    lifecycle = try row.word("lifecycle", as: AssetState.Lifecycle.self)
    parent = try row["parent", as: UUID?.self].map(AssetID.init)
    root = AssetID(try row["root", as: UUID.self])
    offsetMilliseconds = try row["offset_ms", as: Int64?.self]
    title = try row["title", as: String.self]
    tags = try row["tags", as: [String].self]
    labels = try row["labels", as: [String].self]
    fileName = try row["file_name", as: String?.self]
    revision = try row["revision", as: Int64.self]
    createdAt = try row["created_at", as: Timestamp.self]
    updatedAt = try row["updated_at", as: Timestamp.self]
    deletedAt = try row["deleted_at", as: Timestamp?.self]
    erasedAt = try row["erased_at", as: Timestamp?.self]
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "id": .string(id.description), "slug": .text(slug), "organisation": .string(organisation),
      "owner": .string(owner), "mediaType": .string(mediaType.rawValue), "lifecycle": .string(lifecycle.rawValue),
      "parent": .text(parent?.description), "root": .string(root.description),
      "offsetMilliseconds": .integer(orNull: offsetMilliseconds), "title": .string(title), "tags": .texts(tags),
      "labels": .texts(labels), "fileName": .text(fileName), "revision": .integer(revision),
      "createdAt": .time(createdAt), "updatedAt": .time(updatedAt), "deletedAt": .time(deletedAt),
      "erasedAt": .time(erasedAt),
    ]
  }
}
