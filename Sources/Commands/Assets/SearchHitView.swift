internal import JSON
internal import Pipeline
internal import Search
internal import TerminalOutput

/// A hit as people read it.
struct SearchHitView {
  let hit: SearchHit
  let place: Int
  let terminal: Terminal

  /// The title's line, and one for each place in the asset.
  var text: String {
    let title = terminal.styled(hit.title.isEmpty ? "Untitled" : hit.title, .bold)
    let heading = "\(place). \(title)  \(hit.mediaType.rawValue)  \(hit.asset)  \(score)"
    return ([heading] + hit.matches.prefix(3).map(line)).joined(separator: "\n")
  }

  private var score: String { "score \(Self.rounded(hit.score, to: 4))" }

  private func line(_ match: SearchMatch) -> String {
    let place = [match.start.map { Self.span($0, match.end) }, match.section].compactMap { $0 }.joined(separator: " ")
    return "   [\(match.modality.rawValue)\(place.isEmpty ? "" : " \(place)")] \(marked(match.text))"
  }

  /// The text with its found words marked, by style or, where there are no styles, by asterisks.
  private func marked(_ text: HighlightedText) -> String {
    let scalars = Array(text.text.unicodeScalars)
    func part(_ range: Range<Int>) -> String {
      String(String.UnicodeScalarView(scalars[range])).replacing("\n", with: " ")
    }
    var marked = ""
    var end = 0
    for range in text.highlights {
      marked += part(end..<range.lowerBound)
      marked += terminal.usesColor ? terminal.styled(part(range), .yellow) : "*\(part(range))*"
      end = range.upperBound
    }
    return marked + part(end..<scalars.count)
  }

  /// Times as `1:02:03`.
  private static func span(_ start: Int64, _ end: Int64?) -> String {
    guard let end, end > start else { return clock(start) }
    return "\(clock(start))–\(clock(end))"
  }

  private static func clock(_ milliseconds: Int64) -> String {
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let seconds = milliseconds / 1000
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }

  private static func rounded(_ value: Double, to digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}

extension SearchHit {
  var json: JSON {
    [
      "assetId": .string(asset.description), "title": .string(title), "mediaType": .string(mediaType.rawValue),
      "score": .number(score), "matches": .array(matches.map(\.json)),
    ]
  }
}

extension SearchMatch {
  fileprivate var json: JSON {
    [
      "assetId": .string(asset.description), "modality": .string(modality.rawValue),
      "startMs": start.map(JSON.integer) ?? .null, "endMs": end.map(JSON.integer) ?? .null,
      "section": section.map(JSON.string) ?? .null, "text": .string(text.text),
      "highlights": .array(
        text.highlights.map { [.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))] }),
      "why": [
        "textRank": reason.textRank.map { .integer(Int64($0)) } ?? .null,
        "vectorRank": reason.vectorRank.map { .integer(Int64($0)) } ?? .null,
        "similarity": reason.similarity.map(JSON.number) ?? .null, "score": .number(reason.score),
      ],
    ]
  }
}
