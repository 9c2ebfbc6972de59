/// Cuts HTML into tags and text: the tokenizer of the HTML standard (§13.2.5) without its error reports.
///
/// Every byte is passed once. What never ends (a comment, a script, a quoted value) reaches to the end of the input, as
/// the standard says.
struct HTMLTokenizer {
  enum Token {
    /// Text with character references.
    case text(Range<Int>)
    case tag(HTMLTag)
  }

  let bytes: [UInt8]
  private var index = 0
  /// The element whose text holds no tags but its own end.
  private var textElement: String?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() -> Token? {
    if let name = textElement {
      textElement = nil
      let start = index
      skipText(of: name)
      if index > start { return .text(start..<index) }
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else { return text() }
      switch bytes[index + 1] {
      case UInt8(ascii: "!"), UInt8(ascii: "?"): skipDeclaration()
      case UInt8(ascii: "/") where index + 2 < bytes.count && !bytes[index + 2].isLetter: skipPast(UInt8(ascii: ">"))
      case let byte where byte.isLetter || byte == UInt8(ascii: "/"):
        guard let tag = tag() else { return nil }
        if !tag.isEnd, HTMLElements.holdsText(tag.name) { textElement = tag.name }
        return .tag(tag)
      default: return text()
      }
    }
    return nil
  }

  /// Text up to the next `<`; one that stands here belongs to it.
  private mutating func text() -> Token {
    let start = index
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
    return .text(start..<index)
  }

  /// Moves to `</name`, or to the end.
  private mutating func skipText(of name: String) {
    let name = Array(name.utf8)
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") {
        let candidate = bytes[(index + 2)...].prefix(name.count)
        let after = index + 2 + name.count
        let ends = after >= bytes.count || !(bytes[after].isLetter || bytes[after].isDigit)
        if ends, candidate.lazy.map(\.lowercased).elementsEqual(name) { return }
      }
      index += 1
    }
  }

  private mutating func skipPast(_ byte: UInt8) {
    while index < bytes.count, bytes[index] != byte { index += 1 }
    index = min(index + 1, bytes.count)
  }

  /// A comment, a doctype, a processing instruction.
  private mutating func skipDeclaration() {
    guard bytes[index...].starts(with: "<!--".utf8) else { return skipPast(UInt8(ascii: ">")) }
    index += 4
    // “<!-->” and “<!--->” are whole comments: dashes of the opening count for the end.
    var dashes = 2
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "-"): dashes += 1
      case UInt8(ascii: ">") where dashes >= 2: return
      case UInt8(ascii: "!") where dashes >= 2 && index < bytes.count && bytes[index] == UInt8(ascii: ">"): dashes = 2
      default: dashes = 0
      }
    }
  }

  /// The tag that begins here; `nil` if the input ends inside it.
  private mutating func tag() -> HTMLTag? {
    var tag = HTMLTag()
    index += 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
      tag.isEnd = true
      index += 1
    }
    tag.name = word { $0.isWhiteSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ">"):
        index += 1
        return tag
      case UInt8(ascii: "/"): index += 1
      case let byte where byte.isWhiteSpace: index += 1
      default: attribute(of: &tag)
      }
    }
    return nil
  }

  private mutating func attribute(of tag: inout HTMLTag) {
    let name = word {
      $0.isWhiteSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "=")
    }
    if name.isEmpty { index += 1 }
    while index < bytes.count, bytes[index].isWhiteSpace { index += 1 }
    var value = 0..<0
    if index < bytes.count, bytes[index] == UInt8(ascii: "=") { value = attributeValue() }
    switch name {
    case "hidden": tag.isHidden = true
    case "alt": tag.alternativeText = CharacterReferences.decoded(Array(bytes[value]))
    case "style":
      let style = bytes[value].prefix(1000).filter { !$0.isWhiteSpace }.map(\.lowercased)
      if style.firstRange(of: Array("display:none".utf8)) != nil { tag.isHidden = true }
    default: break
    }
  }

  private mutating func attributeValue() -> Range<Int> {
    index += 1
    while index < bytes.count, bytes[index].isWhiteSpace { index += 1 }
    guard index < bytes.count else { return index..<index }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = index + 1
      index = start
      while index < bytes.count, bytes[index] != quote { index += 1 }
      let end = index
      index = min(index + 1, bytes.count)
      return start..<end
    }
    let start = index
    while index < bytes.count, !bytes[index].isWhiteSpace, bytes[index] != UInt8(ascii: ">") { index += 1 }
    return start..<index
  }

  /// A name in lower case up to a delimiter; of a long one the beginning, which is enough to know that it is unknown.
  private mutating func word(until isEnd: (UInt8) -> Bool) -> String {
    let start = index
    while index < bytes.count, !isEnd(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index].prefix(24).map(\.lowercased), as: UTF8.self)
  }
}
