/// A block of Markdown that holds no other: its lines, not yet freed of inline marks.
struct MarkdownLeaf {
  enum Kind: Hashable {
    case block(Block.Kind)
    case html
  }

  var kind: Kind
  var source: [UInt8]
}
