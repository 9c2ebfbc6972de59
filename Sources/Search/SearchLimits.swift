/// How far a search goes, and what it leaves out as too weak.
package struct SearchLimits: Sendable, Equatable {
  /// The passages that are looked at for each hit that is asked for: so many of the best by words, and by meaning.
  package var candidatesForOne = 5
  /// For fewer hits as many passages are looked at as for these.
  static let fewestHits = 10
  /// The most passages with the query's words whose rank is worked out; of more, some are never looked at.
  package var matches = 2000
  /// An organisation with more vectors than this is searched by the index, which is approximate; one with fewer by
  /// comparing all.
  package var exactVectors = 5000
  /// How many vectors the index looks at before it gives up on finding enough of the organisation.
  package var scannedVectors = 40_000
  /// The share of the best score under which a hit is left out.
  package var relativeScore = 0.3
  /// The share of the best similarity under which a passage that has none of the words is left out.
  package var relativeSimilarity = 0.6
  /// Parts of one asset that are no further apart are one hit, in milliseconds.
  package var nearby: Int64 = 10_000

  package init() {}
}
