/// A text and where in it the words of a query stand.
package struct HighlightedText: Sendable, Hashable {
  package let text: String
  /// In Unicode scalars from the start of the text, in order, none empty, none overlapping.
  package let highlights: [Range<Int>]

  package init(text: String, highlights: [Range<Int>]) {
    self.text = text
    self.highlights = highlights
  }

  // Control characters, which no text keeps on its way here.
  static let start: Unicode.Scalar = "\u{1}"
  static let stop: Unicode.Scalar = "\u{2}"

  /// Reads a text with ``start`` before and ``stop`` after each word.
  init(marked: String) {
    var text = ""
    var highlights: [Range<Int>] = []
    var position = 0
    var opened: Int?
    for scalar in marked.unicodeScalars {
      switch scalar {
      case Self.start: opened = position
      case Self.stop:
        if let start = opened, start < position { highlights.append(start..<position) }
        opened = nil
      default:
        text.unicodeScalars.append(scalar)
        position += 1
      }
    }
    self.init(text: text, highlights: highlights)
  }
}
