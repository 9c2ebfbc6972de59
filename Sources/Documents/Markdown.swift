/// Markdown as text: what a reader sees, without the marks.
package enum Markdown {
  package enum Dialect: Hashable, Sendable {
    case commonMark
    /// Markdown with JSX: `import` and `export`, components and `{expressions}` are dropped, HTML blocks and indented
    /// code do not exist.
    case mdx
  }

  /// Reads CommonMark with tables, footnote marks, task lists and front matter. Time and space are linear.
  ///
  /// - Parameter text: lines ended by line feeds, as `DecodedText` gives them.
  package static func document(from text: String, dialect: Dialect) -> Document {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    let frontMatter = FrontMatter(lines)
    var blocks = MarkdownBlocks(dialect: dialect)
    for line in lines[frontMatter.lineCount...] { blocks.add(line) }
    let leaves = blocks.finish()

    var builder = DocumentBuilder()
    builder.title = frontMatter.title
    for leaf in leaves {
      switch leaf.kind {
      case .html: builder.add(contentsOf: HTML.document(from: String(decoding: leaf.source, as: UTF8.self)))
      case .block(.code): builder.add(.code, String(decoding: leaf.source, as: UTF8.self))
      case .block(let kind):
        let source = kind == .listItem ? withoutTaskBox(leaf.source) : leaf.source
        var inlines = MarkdownInlines(source, references: blocks.references, dialect: dialect)
        builder.add(kind, inlines.text())
      }
    }
    return builder.document()
  }

  /// An item of a task list without its `[ ]` or `[x]`.
  private static func withoutTaskBox(_ item: [UInt8]) -> [UInt8] {
    let boxes = ["[ ] ", "[x] ", "[X] "]
    return boxes.contains { item.starts(with: $0.utf8) } ? Array(item.dropFirst(4)) : item
  }
}
