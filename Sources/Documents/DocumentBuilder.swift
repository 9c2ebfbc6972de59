/// Collects blocks in reading order and knows which headings they stand under.
struct DocumentBuilder {
  /// A longer "heading" (in UTF-8 bytes) is a paragraph that somebody wanted big; it must not be repeated as the
  /// context of everything below it.
  static let headingLimit = 400

  var title: String?
  private var blocks: [Block] = []
  private var path: [(level: Int, text: String)] = []
  private var headings: [String] = []

  /// Adds a block; one without visible text is left out.
  mutating func add(_ kind: Block.Kind, _ rawText: some StringProtocol) {
    let text = kind == .code ? Self.trimmedCode(rawText) : rawText.collapsingWhiteSpace()
    guard !text.isEmpty else { return }
    guard case .heading(let level) = kind else {
      blocks.append(Block(kind: kind, text: text, headings: headings))
      return
    }
    guard text.utf8.count <= Self.headingLimit else {
      blocks.append(Block(kind: .paragraph, text: text, headings: headings))
      return
    }
    while let last = path.last, last.level >= level { path.removeLast() }
    blocks.append(Block(kind: kind, text: text, headings: path.map(\.text)))
    path.append((level, text))
    headings = path.map(\.text)
  }

  /// Takes over the blocks of a document embedded in this one.
  mutating func add(contentsOf document: Document) {
    for block in document.blocks { add(block.kind, block.text) }
  }

  func document() -> Document {
    let heading = blocks.first { $0.kind == .heading(level: 1) }
    return Document(title: title ?? heading?.text, blocks: blocks)
  }

  /// Code without empty lines around it and without spaces at the ends of its lines.
  private static func trimmedCode(_ text: some StringProtocol) -> String {
    let lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.trimmingEnd() }
    guard let first = lines.firstIndex(where: { !$0.isEmpty }), let last = lines.lastIndex(where: { !$0.isEmpty })
    else { return "" }
    return String(decoding: Array(lines[first...last].joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
  }
}
