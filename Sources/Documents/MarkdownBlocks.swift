/// Takes lines and finds the blocks they make (CommonMark 0.31, §3–5, and the tables of GFM).
struct MarkdownBlocks {
  private enum Container {
    case quote
    /// An item whose content is indented by that many columns.
    case item(indent: Int)
  }

  /// What the lines before left open; its text is in `source`.
  private enum Leaf {
    case none
    case paragraph
    case fenced(character: UInt8, length: Int, indent: Int)
    case indented
    case html(HTMLBlockEnd)
    case table
    /// `import` and `export` of MDX, dropped up to an empty line outside all braces, but no further than 100 lines.
    case module(depth: Int, lines: Int)
  }

  /// Containers nested deeper are read as text, so that a line costs what it is long.
  private static let depthLimit = 32
  private static let moduleLimit = 100

  private let dialect: Markdown.Dialect
  private var containers: [Container] = []
  private var leaf = Leaf.none
  private var source: [UInt8] = []
  private var leaves: [MarkdownLeaf] = []
  /// The labels that link definitions give, folded.
  private(set) var references: Set<String> = []

  init(dialect: Markdown.Dialect) {
    self.dialect = dialect
  }

  mutating func finish() -> [MarkdownLeaf] {
    endLeaf()
    return leaves
  }

  mutating func add(_ bytes: [UInt8]) {
    var line = MarkdownLine(bytes)
    let matched = matchContainers(&line)
    if matched < containers.count {
      if case .paragraph = leaf, !line.isBlank, !startsBlock(line), !startsItem(line, after: containers[matched]) {
        return continueParagraph(line)
      }
      endLeaf()
      containers.removeSubrange(matched...)
    }
    if continueLeaf(line) { return }
    openContainers(&line)
    openLeaf(line)
  }

  /// How many containers the line belongs to; their marks are taken off it.
  private func matchContainers(_ line: inout MarkdownLine) -> Int {
    for (index, container) in containers.enumerated() {
      switch container {
      case .quote:
        guard line.indent < 4, line.rest.first == UInt8(ascii: ">") else { return index }
        line.passMarker(1)
        line.unindent(by: 1)
      case .item(let indent):
        guard line.isBlank || line.indent >= indent else { return index }
        line.unindent(by: indent)
      }
    }
    return containers.count
  }

  /// Whether the line begins the next item of a list; unlike the first, it may have any number.
  private func startsItem(_ line: MarkdownLine, after container: Container) -> Bool {
    if case .item = container { line.listMarker != nil } else { false }
  }

  /// Whether the line begins something that ends a paragraph.
  private func startsBlock(_ line: MarkdownLine) -> Bool {
    if line.indent >= 4 { return false }
    return line.rest.first == UInt8(ascii: ">") || line.heading != nil || line.fence != nil || line.isThematicBreak
      || line.listMarker?.mayInterrupt == true
      || (dialect == .commonMark && HTMLBlockEnd(start: line.rest)?.mayInterrupt == true)
  }

  /// Gives the line to the open leaf; `false` if it does not belong there.
  private mutating func continueLeaf(_ line: MarkdownLine) -> Bool {
    switch leaf {
    case .none: return false
    case .paragraph: return continueParagraphOrEnd(line)
    case .fenced(let character, let length, let indent):
      if let fence = line.fence, fence.character == character, fence.length >= length, fence.info.isEmpty {
        endLeaf()
      } else {
        addCode(line, indent: line.indent - indent)
      }
    case .indented:
      guard line.isBlank || line.indent >= 4 else { return endingLeaf() }
      addCode(line, indent: line.indent - 4)
    case .html(let end):
      addCode(line, indent: 0)
      if end.isMet(by: line.rest) { endLeaf() }
    case .table:
      guard !line.isBlank, !startsBlock(line) else { return endingLeaf() }
      addRow(line.cells ?? [line.rest])
    case .module(let depth, let lines):
      if line.isBlank, depth <= 0 || lines > Self.moduleLimit { return endingLeaf() }
      leaf = .module(depth: depth + line.rest.braceBalance, lines: lines + 1)
    }
    return true
  }

  private mutating func endingLeaf() -> Bool {
    endLeaf()
    return false
  }

  private mutating func addCode(_ line: MarkdownLine, indent: Int) {
    source.append(contentsOf: repeatElement(0x20, count: max(0, indent)))
    source += line.rest
    source.append(UInt8(ascii: "\n"))
  }

  /// The line may turn the paragraph into a heading or the head of a table, go on with it, or end it.
  private mutating func continueParagraphOrEnd(_ line: MarkdownLine) -> Bool {
    if line.isBlank { return endingLeaf() }
    if let level = line.underlineLevel {
      endLeaf(as: .heading(level: level))
    } else if startsBlock(line) {
      return endingLeaf()
    } else if let cells = headOfTable(above: line) {
      endLeaf()
      addRow(cells)
      leaf = .table
    } else {
      continueParagraph(line)
    }
    return true
  }

  private mutating func continueParagraph(_ line: MarkdownLine) {
    source.append(UInt8(ascii: "\n"))
    source += line.rest
  }

  /// Takes the last line off the paragraph if the line below makes it the head of a table.
  private mutating func headOfTable(above line: MarkdownLine) -> [ArraySlice<UInt8>]? {
    guard line.cells != nil else { return nil }
    let start = source.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard let cells = MarkdownLine(Array(source[start...])).cells, line.isDelimiterRow(cells: cells.count) else {
      return nil
    }
    source.removeSubrange(start...)
    return cells
  }

  /// Enters the block quotes and list items that begin on the line.
  private mutating func openContainers(_ line: inout MarkdownLine) {
    while line.indent < 4, !line.isBlank, containers.count < Self.depthLimit {
      if line.rest.first == UInt8(ascii: ">") {
        line.passMarker(1)
        line.unindent(by: 1)
        containers.append(.quote)
      } else if let marker = line.listMarker, !line.isThematicBreak {
        let before = line.indent
        line.passMarker(marker.length)
        // Content indented by five or more is code, one column after the marker.
        let padding = line.isBlank || line.indent > 4 ? 1 : line.indent
        line.unindent(by: padding)
        containers.append(.item(indent: before + marker.length + padding))
      } else {
        return
      }
    }
  }

  private mutating func openLeaf(_ line: MarkdownLine) {
    if line.isBlank { return }
    if line.indent >= 4, dialect == .commonMark {
      leaf = .indented
      addCode(line, indent: line.indent - 4)
    } else if let heading = line.heading {
      leaves.append(MarkdownLeaf(kind: .block(.heading(level: heading.level)), source: Array(heading.text)))
    } else if let fence = line.fence {
      leaf = .fenced(character: fence.character, length: fence.length, indent: line.indent)
    } else if line.isThematicBreak {
      return
    } else if dialect == .mdx, ["import ", "export "].contains(where: { line.rest.starts(with: $0.utf8) }) {
      leaf = .module(depth: line.rest.braceBalance, lines: 1)
    } else if dialect == .commonMark, let end = HTMLBlockEnd(start: line.rest) {
      leaf = .html(end)
      addCode(line, indent: 0)
      if end.isMet(by: line.rest) { endLeaf() }
    } else {
      leaf = .paragraph
      source += line.rest
    }
  }

  private mutating func addRow(_ cells: [ArraySlice<UInt8>]) {
    let row = cells.map { Array($0.drop(while: \.isWhiteSpace).trimmingEnd()) }.filter { !$0.isEmpty }
    leaves.append(MarkdownLeaf(kind: .block(.tableRow), source: Array(row.joined(separator: Array(" | ".utf8)))))
  }

  private mutating func endLeaf(as heading: Block.Kind? = nil) {
    switch leaf {
    case .none, .table, .module: break
    case .paragraph:
      let text = LinkDefinitions.taken(from: source, into: &references)
      leaves.append(MarkdownLeaf(kind: .block(heading ?? kindOfText), source: text))
    case .fenced, .indented: leaves.append(MarkdownLeaf(kind: .block(.code), source: source))
    case .html: leaves.append(MarkdownLeaf(kind: .html, source: source))
    }
    source.removeAll()
    leaf = .none
  }

  private var kindOfText: Block.Kind {
    switch containers.last {
    case .quote: .quote
    case .item: .listItem
    case nil: .paragraph
    }
  }
}

extension ArraySlice<UInt8> {
  /// Opening braces less closing ones.
  fileprivate var braceBalance: Int {
    reduce(0) { $1 == UInt8(ascii: "{") ? $0 + 1 : $1 == UInt8(ascii: "}") ? $0 - 1 : $0 }
  }
}
