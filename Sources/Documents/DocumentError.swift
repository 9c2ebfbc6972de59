/// Why bytes or text cannot become a document.
package enum DocumentError: Error, Hashable, Sendable {
  /// The input is larger than the limit it was read with; both in bytes.
  case tooLarge(bytes: Int, limit: Int)
  /// The text is declared in an encoding that is not known here, and it is not UTF-8 either.
  case unsupportedCharset(label: String)
  /// The bytes are no text: what they look like instead.
  case notText(String)
  /// A subtitle file without a single usable cue, and what was wrong with those it has.
  case noCues(issues: [SubtitleIssue])
}
