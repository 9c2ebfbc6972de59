/// A piece of text that is short enough to be found by its meaning and long enough to be quoted, with its place.
package struct PassageText: Hashable, Sendable {
  /// Where a passage stands.
  package enum Place: Hashable, Sendable {
    case timeSpan(TimeSpan)
    /// The headings it stands under, outermost first, and its number among the passages under them, from 0.
    case section(path: [String], ordinal: Int)
  }

  /// 1 to `PassageCutter.limit` Unicode scalars.
  package let text: String
  package let place: Place

  package init(text: String, place: Place) {
    self.text = text
    self.place = place
  }

  /// The headings that give the text its context; none for what is spoken.
  package var headings: [String] {
    if case .section(let path, _) = place { path } else { [] }
  }
}
