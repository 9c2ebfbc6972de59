/// A line of subtitles: what is shown, from when to when.
package struct Cue: Hashable, Sendable {
  package let span: TimeSpan
  /// Who speaks, where the file says so (`<v Name>` in WebVTT).
  package let speaker: String?
  /// Free of markup; the lines as shown, separated by line feeds, none of them empty.
  package let text: String

  package init(span: TimeSpan, speaker: String? = nil, text: String) {
    self.span = span
    self.speaker = speaker
    self.text = text
  }

  /// When it appears, in milliseconds.
  package var start: Int { span.start }
  /// When it disappears, in milliseconds.
  package var end: Int { span.end }
}
