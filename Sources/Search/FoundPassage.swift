internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// A row of the search's first statement: a passage without its text, and what it is part of.
struct FoundPassage {
  let root: AssetID
  let title: String
  let mediaType: MediaType
  let match: SearchMatch
}

extension FoundPassage {
  init(_ row: PostgresRow) throws(PostgresError) {
    root = AssetID(try row["root", as: UUID.self])
    title = try row["title", as: String.self]
    mediaType = try Self.value(of: "media_type", in: row)
    match = SearchMatch(
      passage: try row["id", as: Int64.self], asset: AssetID(try row["asset", as: UUID.self]),
      modality: try Self.value(of: "modality", in: row),
      start: try row["start_ms", as: Int64?.self], end: try row["end_ms", as: Int64?.self],
      section: try row["section", as: String?.self],
      text: HighlightedText(text: "", highlights: []),
      reason: SearchMatch.Reason(
        textRank: try row["text_rank", as: Int64?.self].map { Int($0) },
        vectorRank: try row["vector_rank", as: Int64?.self].map { Int($0) },
        similarity: try row["similarity", as: Double?.self], score: try row["score", as: Double.self]))
  }

  private static func value<Value: RawRepresentable<String>>(
    of column: String, in row: PostgresRow
  ) throws(PostgresError) -> Value {
    let text = try row[column, as: String.self]
    guard let value = Value(rawValue: text) else {
      throw .unexpectedResult(
        PostgresUnexpectedResult(column: column, expected: "a \(Value.self)", found: "`\(text)`"))
    }
    return value
  }
}
