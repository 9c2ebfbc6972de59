/// Something wrong in a subtitle file that did not keep the rest from being read.
package struct SubtitleIssue: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The times could not be read: the cue is skipped.
    case unreadableTimes
    /// The cue would end before it starts: it is skipped.
    case endsBeforeStart
    /// The cue starts and ends at once: it is given up to two seconds, until the next one.
    case noDuration
    /// The cue starts before the one above it: the cues are sorted.
    case outOfOrder
    /// Text that belongs to no cue: it is left out.
    case strayText
  }

  package let kind: Kind
  /// The number of the line, from 1.
  package let line: Int
  /// The beginning of the line.
  package let excerpt: String

  init(_ kind: Kind, line: Int, excerpt: some StringProtocol) {
    self.kind = kind
    self.line = line
    self.excerpt = String(excerpt.prefix(60))
  }
}

extension SubtitleIssue: CustomStringConvertible {
  package var description: String {
    let problem =
      switch kind {
      case .unreadableTimes: "expected times like 00:01:02,345 --> 00:01:04,000; the cue is skipped"
      case .endsBeforeStart: "the cue ends before it starts; it is skipped"
      case .noDuration: "the cue ends when it starts; it is shown until the next one, at most 2 s"
      case .outOfOrder: "the cue starts before the one above it; cues are sorted"
      case .strayText: "the text belongs to no cue; it is left out"
      }
    return "line \(line), “\(excerpt)”: \(problem)"
  }
}
