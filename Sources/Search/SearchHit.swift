package import Pipeline

/// A place that was found: the passages of one asset and its parts at about one time.
package struct SearchHit: Sendable, Equatable {
  /// The root: what a person opens.
  package let asset: AssetID
  package let title: String
  package let mediaType: MediaType
  /// The strongest first; at least one.
  package internal(set) var matches: [SearchMatch]

  /// The strongest passage.
  package var best: SearchMatch { matches[0] }
  /// That of the strongest passage.
  package var score: Double { best.reason.score }
  /// When, in milliseconds of the asset's time line: the time of the strongest passage that has one.
  package var start: Int64? { timed?.start }
  package var end: Int64? { timed?.end }

  private var timed: SearchMatch? { matches.first { $0.start != nil } }
}

/// What a search found.
package struct SearchResults: Sendable, Equatable {
  /// The best first.
  package private(set) var hits: [SearchHit]
  /// How many passages were left out because they are much weaker than the best.
  package let weaker: Int

  init(hits: [SearchHit], weaker: Int) {
    self.hits = hits
    self.weaker = weaker
  }

  /// Gives the matches their texts, by the rows of their passages.
  mutating func fill(_ texts: [Int64: HighlightedText]) {
    for hit in hits.indices {
      for match in hits[hit].matches.indices {
        if let text = texts[hits[hit].matches[match].passage] { hits[hit].matches[match].text = text }
      }
    }
  }
}
