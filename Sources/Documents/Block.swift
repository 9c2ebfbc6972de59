/// A piece of a document that stands by itself: a heading, a paragraph, an item of a list, a row of a table.
package struct Block: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A heading of level 1 to 6.
    case heading(level: Int)
    case paragraph
    case listItem
    case quote
    /// Lines are kept as they are.
    case code
    /// The cells of one row, separated by “ | ”.
    case tableRow
  }

  package let kind: Kind
  /// Never empty. In one line, without white space at its ends — except code, which keeps its lines.
  package let text: String
  /// The headings that the block stands under, outermost first; those of a heading do not include itself.
  package let headings: [String]

  package init(kind: Kind, text: String, headings: [String] = []) {
    self.kind = kind
    self.text = text
    self.headings = headings
  }
}
