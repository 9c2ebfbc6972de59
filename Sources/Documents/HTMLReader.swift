/// Builds a document from the tags and texts of a page.
struct HTMLReader {
  /// An element that is open.
  private struct Element {
    let name: String
    let kind: Block.Kind?
    let isHiding: Bool
  }

  /// Elements nested deeper than this are read as if their tags were not there.
  private static let depthLimit = 256
  /// How far up an implied end is looked for.
  private static let impliedEndReach = 16

  private var tokenizer: HTMLTokenizer
  private var builder = DocumentBuilder()
  private var open: [Element] = []
  private var openCounts: [String: Int] = [:]
  /// The kinds that the open elements give, innermost last.
  private var kinds: [Block.Kind] = []
  private var hidingDepth = 0
  /// The text since the last break, in UTF-8.
  private var text: [UInt8] = []

  init(_ bytes: [UInt8]) {
    tokenizer = HTMLTokenizer(bytes)
  }

  mutating func document() -> Document {
    while let token = tokenizer.next() {
      switch token {
      case .text(let range): add(tokenizer.bytes[range])
      case .tag(let tag) where tag.isEnd: end(tag.name)
      case .tag(let tag): start(tag)
      }
    }
    endBlock()
    return builder.document()
  }

  private var kind: Block.Kind { kinds.last ?? .paragraph }

  private mutating func add(_ markup: ArraySlice<UInt8>) {
    guard hidingDepth == 0 else { return }
    let markup = Array(markup)
    var index = 0
    while index < markup.count { index = CharacterReferences.append(markup, at: index, to: &text) }
  }

  /// Ends the paragraph, heading, row or whatever the text since the last break is.
  private mutating func endBlock() {
    guard !text.isEmpty else { return }
    let string = String(decoding: text, as: UTF8.self)
    text.removeAll(keepingCapacity: true)
    if open.last?.name == "title" {
      let title = string.collapsingWhiteSpace()
      if builder.title == nil, !title.isEmpty { builder.title = title }
    } else {
      builder.add(kind, string)
    }
  }

  private mutating func start(_ tag: HTMLTag) {
    closeImplied(by: tag.name)
    breakText(at: tag.name)
    switch tag.name {
    case "br", "wbr": if tag.name == "br" { addIfVisible("\n") }
    case "img", "area", "input":
      if let alternative = tag.alternativeText, !tag.isHidden { addIfVisible(" \(alternative) ") }
    case "td", "th": if !text.allSatisfy(\.isWhiteSpace) { addIfVisible(" | ") }
    default: break
    }
    guard !HTMLElements.void.contains(tag.name), open.count < Self.depthLimit else { return }
    push(
      Element(
        name: tag.name, kind: HTMLElements.kind(of: tag.name),
        isHiding: tag.isHidden || HTMLElements.hidden.contains(tag.name)))
  }

  private mutating func end(_ name: String) {
    breakText(at: name)
    guard openCounts[name, default: 0] > 0 else { return }
    while let last = open.last {
      pop()
      if last.name == name { return }
    }
  }

  private mutating func addIfVisible(_ string: String) {
    if hidingDepth == 0 { text.append(contentsOf: string.utf8) }
  }

  /// A block element ends what was before it. In a row of a table, paragraphs are only set apart: the row is the block.
  private mutating func breakText(at name: String) {
    guard HTMLElements.block.contains(name) else { return }
    if kind == .tableRow, name == "p" || name == "div" {
      addIfVisible(" ")
    } else {
      endBlock()
    }
  }

  /// Closes what the start of an element closes without an end tag: a list item by the next, a paragraph by any block.
  private mutating func closeImplied(by name: String) {
    if let rule = HTMLElements.impliedEnds[name] {
      close(rule.closes, upTo: rule.barriers)
    } else if HTMLElements.block.contains(name) {
      close(["p"], upTo: ["td", "th", "li", "button", "div", "table"])
    }
  }

  private mutating func close(_ names: Set<String>, upTo barriers: Set<String>) {
    for (depth, element) in open.reversed().prefix(Self.impliedEndReach).enumerated() {
      if names.contains(element.name) {
        if element.name != "td", element.name != "th" { endBlock() }
        for _ in 0...depth { pop() }
        return
      }
      if barriers.contains(element.name) { return }
    }
  }

  private mutating func push(_ element: Element) {
    open.append(element)
    openCounts[element.name, default: 0] += 1
    if let kind = element.kind { kinds.append(kind) }
    if element.isHiding { hidingDepth += 1 }
  }

  private mutating func pop() {
    let element = open.removeLast()
    openCounts[element.name, default: 0] -= 1
    if element.kind != nil { kinds.removeLast() }
    if element.isHiding { hidingDepth -= 1 }
  }
}
