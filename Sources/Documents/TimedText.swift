/// A segment of a transcript or a cue: what is said from when to when.
package struct TimedText: Hashable, Sendable {
  /// One word of a segment and its own time.
  package struct Word: Hashable, Sendable {
    package let span: TimeSpan
    package let text: String

    package init(span: TimeSpan, text: String) {
      self.span = span
      self.text = text
    }
  }

  package let span: TimeSpan
  package let text: String
  /// The words of `text` in order, if the recogniser gave them; ignored when they do not spell the text.
  package let words: [Word]

  package init(span: TimeSpan, text: String, words: [Word] = []) {
    self.span = span
    self.text = text
    self.words = words
  }

  package init(_ cue: Cue) {
    self.init(span: cue.span, text: cue.text)
  }
}
