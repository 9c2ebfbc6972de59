internal import Engine
internal import Identifiers
package import JSON
package import Pipeline
package import PostgreSQL

/// Finds the asset that somebody means: by UUID, slug, the first digits of a UUID, or its exact title.
package struct AssetFinder: Sendable {
  /// An asset that may be meant.
  package struct Candidate: Sendable, Equatable {
    package let id: AssetID
    package let slug: String?
    package let title: String
    package let mediaType: MediaType
    package let organisation: String

    /// For programs; what is not known is null.
    package var json: JSON {
      [
        "id": .string(id.description), "slug": .text(slug), "title": .string(title),
        "mediaType": .string(mediaType.rawValue), "organisation": .string(organisation),
      ]
    }
  }

  /// Why no asset was found.
  package enum Failure: Error {
    /// `similar` have the text in their title.
    case notFound(String, similar: [Candidate])
    /// `candidates` are the first of those that fit; `isComplete` says whether they are all.
    case ambiguous(String, candidates: [Candidate], isComplete: Bool)
    case database(PostgresError)
  }

  /// The most candidates that a failure lists.
  package static let candidateLimit = 8

  private let client: PostgresClient

  package init(client: PostgresClient) { self.client = client }

  /// Finds the one asset that the text names. What names an asset exactly wins over what may be a part of one.
  ///
  /// Deleted assets are found by their id or slug only.
  ///
  /// - Parameter organisation: where to look; everywhere if nil.
  package func find(_ text: String, organisation: String? = nil) async throws(Failure) -> AssetID {
    let scope: SQL = if let organisation { " and organisation = \(organisation)" } else { "" }
    if let id = try? AssetID(parsing: text),
      let exact = try await candidates("(id = \(id.uuid) or slug = \(text))" + scope).first
    {
      return exact.id
    }
    if let prefix = UUIDPrefix(text) {
      let found = try await candidates(
        "id between \(prefix.lowest) and \(prefix.highest) and lifecycle <> 'deleted'" + scope)
      if let id = try only(found, for: text) { return id }
    }
    let titled = try await candidates("title = \(text) and lifecycle <> 'deleted'" + scope)
    if let id = try only(titled, for: text) { return id }
    let similar = try await candidates(
      "position(lower(\(text)) in lower(title)) > 0 and lifecycle <> 'deleted' and parent is null" + scope)
    throw .notFound(text, similar: Array(similar.prefix(Self.candidateLimit)))
  }

  /// The one candidate; nil if there is none.
  private func only(_ candidates: [Candidate], for text: String) throws(Failure) -> AssetID? {
    guard candidates.count > 1 else { return candidates.first?.id }
    throw .ambiguous(
      text, candidates: Array(candidates.prefix(Self.candidateLimit)),
      isComplete: candidates.count <= Self.candidateLimit)
  }

  /// The newest assets that fit, one more than is listed.
  private func candidates(_ condition: SQL) async throws(Failure) -> [Candidate] {
    do throws(PostgresError) {
      let rows = try await client.query(
        "select id, slug, title, media_type, organisation from asset where " + condition
          + " order by created_at desc, id limit \(Int64(Self.candidateLimit + 1))")
      return try rows.map { row throws(PostgresError) in
        Candidate(
          id: AssetID(try row["id", as: UUID.self]), slug: try row["slug", as: String?.self],
          title: try row["title", as: String.self], mediaType: try row.word("media_type", as: MediaType.self),
          organisation: try row["organisation", as: String.self])
      }
    } catch { throw .database(error) }
  }
}

extension AssetFinder.Failure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let text, let similar):
      """
      no asset is called `\(text.prefix(80))`; expected a UUID, at least \(UUIDPrefix.minimumDigits) of its first \
      digits, a slug or an exact title\(Self.list(similar, after: ". These have it in their title"))
      """
    case .ambiguous(let text, let candidates, let isComplete):
      """
      `\(text.prefix(80))` may be \(isComplete ? "one of \(candidates.count)" : "any of many") assets; say its whole \
      id\(Self.list(candidates, after: ""))\(isComplete ? "" : "\n  …")
      """
    case .database(let error): "\(error)"
    }
  }

  private static func list(_ candidates: [AssetFinder.Candidate], after heading: String) -> String {
    guard !candidates.isEmpty else { return "" }
    return candidates.reduce("\(heading):") { "\($0)\n  \($1.id)  \($1.mediaType.rawValue)  \($1.title)" }
  }
}
