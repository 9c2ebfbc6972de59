/// Takes the inline marks out of a block (CommonMark §6): emphasis, code, links, images, tags, escapes, references.
struct MarkdownInlines {
  /// Marks in the output that go if they turn out to have a partner.
  private struct Mark {
    let offset: Int
    let length: Int
    var removed = 0
  }

  private struct Bracket {
    let mark: Int
    /// Where its text begins in the source.
    let start: Int
    var holdsBracket = false
  }

  /// A mark that never ends costs a look at all that follows. After so many in one block the rest is taken as it is
  /// written, which keeps reading linear.
  private static let patience = 64

  private let source: [UInt8]
  private let references: Set<String>
  private let dialect: Markdown.Dialect
  private var index = 0
  private var output: [UInt8] = []
  private var marks: [Mark] = []
  private var emphasis: [UInt8: [Int]] = [:]
  private var brackets: [Bracket] = []
  private var failures = 0

  init(_ source: [UInt8], references: Set<String>, dialect: Markdown.Dialect) {
    self.source = source
    self.references = references
    self.dialect = dialect
  }

  mutating func text() -> String {
    while index < source.count {
      switch source[index] {
      case UInt8(ascii: "\\"): escape()
      case UInt8(ascii: "`"): codeSpan()
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): delimiterRun()
      case UInt8(ascii: "["): openBracket(length: 1)
      case UInt8(ascii: "!") where byte(at: index + 1) == UInt8(ascii: "["): openBracket(length: 2)
      case UInt8(ascii: "]"): closeBracket()
      case UInt8(ascii: "<"): angle()
      case UInt8(ascii: "{") where dialect == .mdx: expression()
      default: index = CharacterReferences.append(source, at: index, to: &output)
      }
    }
    return withoutRemovedMarks()
  }

  private func byte(at index: Int) -> UInt8? { index < source.count ? source[index] : nil }

  private mutating func copy() {
    output.append(source[index])
    index += 1
  }

  /// Goes on at `end`, or takes the mark here literally.
  private mutating func skip(to end: Int?) {
    if let end { index = end } else { copy() }
  }

  private func withoutRemovedMarks() -> String {
    var text: [UInt8] = []
    text.reserveCapacity(output.count)
    var start = 0
    for mark in marks where mark.removed > 0 {
      text += output[start..<mark.offset]
      start = mark.offset + mark.removed
    }
    text += output[start...]
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escape() {
    if let next = byte(at: index + 1), next.isPunctuation || next == UInt8(ascii: "\n") { index += 1 }
    copy()
  }

  /// Code up to a run of as many backticks; nothing inside is a mark.
  private mutating func codeSpan() {
    let length = source[index...].prefix { $0 == UInt8(ascii: "`") }.count
    let start = index + length
    let end = search { MarkdownSpanEnd.code(in: $0, from: start, length: length) }
    output += source[start..<(end ?? start)]
    if end == nil { output += source[index..<start] }
    index = end.map { $0 + length } ?? start
  }

  /// Runs a search that may look at everything that follows, unless too many have been in vain.
  private mutating func search(_ body: ([UInt8]) -> Int?) -> Int? {
    guard failures < Self.patience else { return nil }
    let found = body(source)
    if found == nil { failures += 1 }
    return found
  }
}

// Emphasis: §6.2, without the rule of three.
extension MarkdownInlines {
  private mutating func delimiterRun() {
    let character = source[index]
    let length = source[index...].prefix { $0 == character }.count
    let before = index > 0 ? source[index - 1] : UInt8(ascii: " ")
    let after = byte(at: index + length) ?? UInt8(ascii: " ")
    let isLeft = !after.isWhiteSpace && (!after.isPunctuation || before.isWhiteSpace || before.isPunctuation)
    let isRight = !before.isWhiteSpace && (!before.isPunctuation || after.isWhiteSpace || after.isPunctuation)
    let isUnderscore = character == UInt8(ascii: "_")
    let canOpen = isLeft && (!isUnderscore || !isRight || before.isPunctuation)
    let canClose = isRight && (!isUnderscore || !isLeft || after.isPunctuation)

    var mark = Mark(offset: output.count, length: length)
    output += source[index..<index + length]
    index += length
    if character == UInt8(ascii: "~"), length > 2 { return }
    if canClose {
      while mark.removed < length, let opener = emphasis[character]?.last {
        let count = min(length - mark.removed, marks[opener].length - marks[opener].removed)
        mark.removed += count
        marks[opener].removed += count
        if marks[opener].removed == marks[opener].length { emphasis[character]?.removeLast() }
      }
    }
    marks.append(mark)
    if canOpen, mark.removed == 0 { emphasis[character, default: []].append(marks.count - 1) }
  }
}

// Links and images: §6.3 and §6.4.
extension MarkdownInlines {
  private mutating func openBracket(length: Int) {
    if length == 1, byte(at: index + 1) == UInt8(ascii: "^"),
      let end = source[index...].prefix(100).firstIndex(of: UInt8(ascii: "]"))
    {
      // A footnote's mark is no text.
      index = end + 1
      return
    }
    if !brackets.isEmpty { brackets[brackets.count - 1].holdsBracket = true }
    marks.append(Mark(offset: output.count, length: length))
    output += source[index..<index + length]
    index += length
    brackets.append(Bracket(mark: marks.count - 1, start: index))
  }

  private mutating func closeBracket() {
    guard let bracket = brackets.popLast() else { return copy() }
    guard let end = linkEnd(of: bracket) else { return copy() }
    marks[bracket.mark].removed = marks[bracket.mark].length
    index = end
  }

  /// Where the link ends whose text ends here; `nil` if it is none.
  private mutating func linkEnd(of bracket: Bracket) -> Int? {
    let next = index + 1
    if byte(at: next) == UInt8(ascii: "("), let end = search({ MarkdownSpanEnd.destination(in: $0, from: next + 1) }) {
      return end
    }
    guard !references.isEmpty else { return nil }
    if byte(at: next) == UInt8(ascii: "["),
      let close = source[(next + 1)...].prefix(1000).firstIndex(of: UInt8(ascii: "]")), close > next + 1
    {
      return references.contains(LinkDefinitions.folded(source[(next + 1)..<close])) ? close + 1 : nil
    }
    let label = source[bracket.start..<index]
    guard !bracket.holdsBracket, label.count < 1000, references.contains(LinkDefinitions.folded(label)) else {
      return nil
    }
    return source[next...].starts(with: "[]".utf8) ? next + 2 : next
  }
}

// Tags and automatic links: §6.5 and §6.6; expressions of MDX.
extension MarkdownInlines {
  private mutating func angle() {
    guard let next = byte(at: index + 1) else { return copy() }
    let start = index
    if source[start...].starts(with: "<!--".utf8) {
      return skip(to: search { MarkdownSpanEnd.comment(in: $0, from: start) })
    }
    let isFragment = dialect == .mdx && next == UInt8(ascii: ">")
    guard next.isLetter || next == UInt8(ascii: "/") || isFragment else { return copy() }
    let dialect = dialect
    guard let end = search({ MarkdownSpanEnd.tag(in: $0, from: start, dialect: dialect) }) else { return copy() }
    let content = source[(start + 1)..<(end - 1)]
    if !content.contains(where: \.isWhiteSpace),
      content.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "@") }),
      !content.contains(UInt8(ascii: "="))
    {
      output += content
    } else if content.prefix(2).map(\.lowercased).elementsEqual("br".utf8) {
      output.append(UInt8(ascii: "\n"))
    }
    index = end
  }

  /// An expression of MDX, which is evaluated elsewhere.
  private mutating func expression() {
    let start = index
    skip(to: search { MarkdownSpanEnd.expression(in: $0, from: start) })
  }
}
