internal import Pipeline

/// Makes hits of passages: leaves out the weak ones, and puts together what a person would open at the same place.
struct HitGrouping {
  let limits: SearchLimits

  /// - Parameter found: the strongest first.
  func results(of found: [FoundPassage], limit: Int) -> SearchResults {
    let strong = strong(among: found)
    var hits: [SearchHit] = []
    for passage in strong {
      if let index = hits.firstIndex(where: { belongs(passage, to: $0) }) {
        hits[index].matches.append(passage.match)
      } else {
        hits.append(
          SearchHit(
            asset: passage.root, title: passage.title, mediaType: passage.mediaType, matches: [passage.match]))
      }
    }
    return SearchResults(hits: Array(hits.prefix(limit)), weaker: found.count - strong.count)
  }

  private func strong(among found: [FoundPassage]) -> [FoundPassage] {
    let reasons = found.map(\.match.reason)
    let score = (reasons.map(\.score).max() ?? 0) * limits.relativeScore
    let similarity = (reasons.compactMap(\.similarity).max() ?? 0) * limits.relativeSimilarity
    return found.filter { passage in
      let reason = passage.match.reason
      return reason.score >= score && (reason.textRank != nil || (reason.similarity ?? 0) >= similarity)
    }
  }

  /// What is said of an asset as a whole (its title, its labels) goes with the strongest of its places, and the other
  /// way round; places in time go together when they are near; passages of a text stand for themselves.
  private func belongs(_ passage: FoundPassage, to hit: SearchHit) -> Bool {
    guard passage.root == hit.asset else { return false }
    guard let place = hit.matches.first(where: { !$0.isOfWhole }), !passage.match.isOfWhole else { return true }
    guard let start = passage.match.start, let placeStart = place.start else { return false }
    let end = max(passage.match.end ?? start, start)
    let placeEnd = max(place.end ?? placeStart, placeStart)
    return start - placeEnd <= limits.nearby && placeStart - end <= limits.nearby
  }
}

extension SearchMatch {
  /// Whether it says something of its asset rather than of a place in it.
  fileprivate var isOfWhole: Bool { start == nil && modality != .text }
}
