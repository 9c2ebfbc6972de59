package import Pipeline

/// A passage that was found.
package struct SearchMatch: Sendable, Equatable {
  /// Its row.
  let passage: Int64
  /// The asset it stands in: the root, or a part of it such as a key frame.
  package let asset: AssetID
  package let modality: PassageSet.Modality
  /// In milliseconds of the root's time line; nil where there is no time.
  package let start: Int64?
  package let end: Int64?
  /// The headings it stands under, joined by ` › `.
  package let section: String?
  package internal(set) var text: HighlightedText
  package let reason: Reason

  /// Why it was found.
  package struct Reason: Sendable, Equatable {
    /// Its place among the passages with the query's words, from 1; nil if it is not among the best of them.
    package let textRank: Int?
    /// Its place among the passages of like meaning, from 1; nil if it is not among the best of them.
    package let vectorRank: Int?
    /// The cosine between the vectors of query and passage; nil without `vectorRank`.
    package let similarity: Double?
    /// Reciprocal rank fusion: the sum of 1 / (60 + rank) over the ranks it has.
    package let score: Double
  }
}
