internal import Engine
package import Hashing
package import JSON
package import Pipeline
internal import PostgreSQL

/// The media that a dead letter is about: what to look at or listen to.
package struct DeadLetterMedia: Sendable, Equatable {
  /// Milliseconds in the root's time line.
  package struct Span: Sendable, Equatable {
    package let start: Int64
    package let end: Int64

    var json: JSON { ["startMilliseconds": .integer(start), "endMilliseconds": .integer(end)] }
  }

  package let mediaType: MediaType
  package let organisation: String
  /// The asset that people know: the whole that it is part of.
  package let root: AssetID
  package let rootTitle: String
  /// Its own content in the blob store: for a picture, the image; nil while there is none.
  package let content: SHA256Digest?
  /// The part that was not done: all of it, what follows the recorded windows, or the place of a key frame. Nil where
  /// there is no time.
  package let span: Span?

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "mediaType": .string(mediaType.rawValue), "root": .string(root.description), "rootTitle": .string(rootTitle),
      "content": .text(content?.description), "span": span?.json ?? .null,
    ]
  }

  static func read(
    _ asset: AssetReport, stage: String?, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> DeadLetterMedia {
    let card = asset.asset
    let row = try await connection.query(
      """
      select (select title from asset where id = \(card.root.uuid)) as title,
        (select blob from artifact where asset = \(card.id.uuid) and kind = \(ArtifactKind.source.rawValue)) as blob,
        (select max(e::int8) from run_window w, jsonb_path_query(w.value, '$.segments[*].end') as e
          where w.asset = \(card.id.uuid) and w.stage = \(stage)) as done
      """
    ).one()
    let done = try row["done", as: Int64?.self] ?? 0
    let duration = asset.facts?["durationMilliseconds"]?.integer
    let span: Span? =
      if let offset = card.offsetMilliseconds { Span(start: offset, end: offset) } else {
        duration.map { Span(start: min(done, $0), end: $0) }
      }
    return DeadLetterMedia(
      mediaType: card.mediaType, organisation: card.organisation, root: card.root,
      rootTitle: try row["title", as: String?.self] ?? card.title,
      content: try row["blob", as: [UInt8]?.self].flatMap { SHA256Digest(bytes: $0) }, span: span)
  }
}
