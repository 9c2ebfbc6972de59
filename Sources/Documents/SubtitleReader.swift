/// Reads the lines of a subtitle file into cues as they are shown.
struct SubtitleReader {
  private(set) var cues: [ShownCue] = []
  private(set) var issues: [SubtitleIssue] = []

  private let lines: [[UInt8]]
  private let isWebVTT: Bool
  private var index = 0

  init(_ text: String) {
    let unmarked = text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    lines = unmarked.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      $0.last == UInt8(ascii: "\r") ? Array($0.dropLast()) : Array($0)
    }
    isWebVTT = lines[0].starts(with: "WEBVTT".utf8)
  }

  mutating func read() {
    if isWebVTT { skipBlock() }
    while index < lines.count {
      let line = lines[index]
      if let arrow = SubtitleTime.arrow(in: line) {
        readCue(arrow)
      } else if isWebVTT, ["NOTE", "STYLE", "REGION"].contains(where: { Self.begins(line, with: $0) }) {
        skipBlock()
      } else {
        if !line.allSatisfy(\.isWhiteSpace), !isIdentifier(at: index) { report(.strayText, at: index) }
        index += 1
      }
    }
  }

  /// Reads a cue from its timing line on.
  private mutating func readCue(_ arrow: Range<Int>) {
    let timing = index
    index += 1
    let first = index
    while index < lines.count, !lines[index].isEmpty, SubtitleTime.arrow(in: lines[index]) == nil,
      !isNumberOfNextCue(at: index)
    {
      index += 1
    }
    let text = first..<index
    guard let (start, end) = SubtitleTime.times(in: lines[timing], arrow: arrow) else {
      return report(.unreadableTimes, at: timing)
    }
    guard let span = TimeSpan(start: start, end: end) else { return report(.endsBeforeStart, at: timing) }
    if span.duration == 0 { report(.noDuration, at: timing) }
    if let last = cues.last, last.span.start > start { report(.outOfOrder, at: timing) }
    let shown = CueText.lines(of: Array(lines[text].joined(separator: [UInt8(ascii: "\n")])))
    if !shown.isEmpty { cues.append(ShownCue(span: span, lines: shown)) }
  }

  /// A line before a timing line, whatever it says, if a blank line or the beginning of the file is above it.
  private func isIdentifier(at index: Int) -> Bool {
    index + 1 < lines.count && SubtitleTime.arrow(in: lines[index + 1]) != nil
  }

  /// Where the blank line between two cues is missing, the number of the next one would pass for text.
  private func isNumberOfNextCue(at index: Int) -> Bool {
    let digits = lines[index].drop(while: \.isWhiteSpace).prefix { !$0.isWhiteSpace }
    return !digits.isEmpty && digits.allSatisfy(\.isDigit) && isIdentifier(at: index)
  }

  /// Passes over a block up to the empty line after it, or the timing line that follows without one.
  private mutating func skipBlock() {
    while index < lines.count, !lines[index].isEmpty, SubtitleTime.arrow(in: lines[index]) == nil { index += 1 }
  }

  private static func begins(_ line: [UInt8], with word: String) -> Bool {
    line.starts(with: word.utf8) && (line.count == word.utf8.count || line[word.utf8.count].isWhiteSpace)
  }

  private mutating func report(_ kind: SubtitleIssue.Kind, at index: Int) {
    guard issues.count < SubtitleTrack.issueLimit else { return }
    issues.append(
      SubtitleIssue(kind, line: index + 1, excerpt: String(decoding: lines[index].prefix(240), as: UTF8.self)))
  }
}
