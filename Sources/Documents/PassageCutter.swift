/// Turns blocks or timed segments into passages of about 60 to 160 words, cut at the ends of sentences.
///
/// Passages are **stable**: where one begins follows from the sentences nearby, so that editing a sentence changes the
/// passage it is in, now and then a neighbour, and nothing further on. `ContentDefinedCuts` says what is proved of it.
/// A passage prefers to begin where a paragraph does, or after a pause. It never holds text of two sections, or from
/// both sides of a long silence; the paragraphs under one heading are joined. No text is lost and none is repeated.
package struct PassageCutter: Sendable {
  /// The longest passage, in Unicode scalars (what PostgreSQL's `length` counts).
  package static let limit = 1000
  /// The shortest passage in a section that is longer, in Unicode scalars, and the reach of an edit.
  package static let radius = 300
  /// A silence, in milliseconds, that ends a sentence even without a stop.
  package static let pause = 1500
  /// A silence, in milliseconds, that no passage spans.
  package static let silence = 15_000

  private static let cuts = ContentDefinedCuts(radius: radius, limit: limit)

  package init() {}

  /// The passages of a document, in reading order.
  ///
  /// Headings are not part of the text but of the place — except one that nothing stands under, which is a passage.
  package func passages(of document: Document) -> [PassageText] {
    var ordinals: [[String]: Int] = [:]
    var passages: [PassageText] = []
    for section in BlockSection.sections(of: document.blocks) {
      for part in parts(of: section.units()) {
        let ordinal = ordinals[section.path, default: 0]
        ordinals[section.path] = ordinal + 1
        passages.append(PassageText(text: text(of: part), place: .section(path: section.path, ordinal: ordinal)))
      }
    }
    return passages
  }

  /// The passages of what is spoken, in the order of their starts. Segments may come in any order and overlap.
  ///
  /// Starts and ends grow from passage to passage. Times are those of words where a segment has them, else of whole
  /// segments: a sentence that begins in the middle of one starts with it.
  package func passages(of segments: [TimedText]) -> [PassageText] {
    TimedSection.sections(of: segments).flatMap { section in
      parts(of: section.units()).compactMap { part in
        guard let first = part.first?.span, let last = part.last?.span else { return nil }
        return PassageText(text: text(of: part), place: .timeSpan(first.ending(at: last.end)))
      }
    }
  }

  private func parts(of units: [PassageUnit]) -> [ArraySlice<PassageUnit>] {
    Self.cuts.parts(lengths: units.map(\.length), ranks: units.map(\.rank)).map { units[$0] }
  }

  private func text(of part: ArraySlice<PassageUnit>) -> String {
    var text = ""
    for unit in part.dropLast() {
      text += unit.text
      text += unit.separator
    }
    if let last = part.last { text += last.text }
    return text
  }
}
