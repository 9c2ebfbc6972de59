/// What is said without a pause, as one text whose places know their times. Places are UTF-8 offsets, which native
/// strings turn into indices and back at no cost.
struct TimedRun {
  private var text = ""
  /// Where each word or segment begins, and when it is said.
  private var marks: [(offset: Int, span: TimeSpan)] = []
  private var segmentStarts: [Int] = []

  mutating func append(_ segmentText: String, of segment: TimedText) {
    if !text.isEmpty { text += " " }
    let start = text.utf8.count
    segmentStarts.append(start)
    if let offsets = Self.wordOffsets(segment.words, in: segmentText) {
      marks += zip(offsets, segment.words).map { (start + $0, $1.span) }
    } else {
      marks.append((start, segment.span))
    }
    text += segmentText
  }

  /// Where each word begins in the text; `nil` unless the words, in order, spell it.
  private static func wordOffsets(_ words: [TimedText.Word], in text: String) -> [Int]? {
    guard !words.isEmpty else { return nil }
    let bytes = Array(text.utf8)
    var offsets: [Int] = []
    var index = 0
    for word in words {
      if index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
      offsets.append(index)
      let spelling = word.text.collapsingWhiteSpace().utf8
      guard bytes[index...].starts(with: spelling) else { return nil }
      index += spelling.count
    }
    return index == bytes.count ? offsets : nil
  }

  /// The sentences with their times, and whether white space follows them. One that is too long is cut where segments
  /// meet, and then like any long text.
  func pieces() -> [(text: Substring, span: TimeSpan, spaced: Bool)] {
    var pieces: [(text: Substring, span: TimeSpan, spaced: Bool)] = []
    var segment = 0
    var mark = 0
    for sentence in Sentences.split(text) {
      for part in parts(of: sentence, segment: &segment) {
        let short = part.unicodeScalars.count <= PassageUnit.limit - 2
        for piece in short ? [part] : LongText.pieces(of: part).map(\.text) {
          let spaced = piece.endIndex < text.endIndex && text.unicodeScalars[piece.endIndex].isBlank
          pieces.append((piece, span(of: piece, mark: &mark), spaced))
        }
      }
    }
    return pieces
  }

  /// The sentence, cut at the beginnings of segments if it is too long. `segment` walks along with the sentences.
  private func parts(of sentence: Substring, segment: inout Int) -> [Substring] {
    let end = offset(of: sentence.endIndex)
    let start = offset(of: sentence.startIndex)
    while segment < segmentStarts.count, segmentStarts[segment] <= start { segment += 1 }
    guard sentence.unicodeScalars.count > PassageUnit.limit - 2 else { return [sentence] }
    var parts: [Substring] = []
    var rest = sentence
    while segment < segmentStarts.count, segmentStarts[segment] < end {
      let next = text.utf8.index(text.startIndex, offsetBy: segmentStarts[segment])
      // Exactly one space joins two segments.
      parts.append(rest[..<text.utf8.index(before: next)])
      rest = rest[next...]
      segment += 1
    }
    return parts + [rest]
  }

  /// From the start of the mark that holds the beginning of a piece to the latest end among its marks.
  /// `mark` walks along with the pieces.
  private func span(of piece: Substring, mark: inout Int) -> TimeSpan {
    let start = offset(of: piece.startIndex)
    let end = offset(of: piece.endIndex)
    while mark + 1 < marks.count, marks[mark + 1].offset <= start { mark += 1 }
    var span = marks[mark].span
    var index = mark + 1
    while index < marks.count, marks[index].offset < end {
      span = span.ending(at: max(span.end, marks[index].span.end))
      index += 1
    }
    return span
  }

  private func offset(of index: String.Index) -> Int { text.utf8.distance(from: text.startIndex, to: index) }
}
