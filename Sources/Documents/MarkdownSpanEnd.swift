/// Finds where inline marks end. Each function looks at what follows `start`, at most to the end of the source, and
/// returns where to go on behind the mark, or `nil` if it never ends.
enum MarkdownSpanEnd {
  /// A link's destination is not looked for further than this many bytes.
  private static let destinationLimit = 4000

  /// Where the closing run of exactly `length` backticks begins.
  static func code(in source: [UInt8], from start: Int, length: Int) -> Int? {
    var index = start
    while let run = source[index...].firstIndex(of: UInt8(ascii: "`")) {
      let end = source[run...].firstIndex { $0 != UInt8(ascii: "`") } ?? source.count
      if end - run == length { return run }
      index = end
    }
    return nil
  }

  /// Behind the closing parenthesis of `(destination "title")`, from behind the opening one.
  static func destination(in source: [UInt8], from start: Int) -> Int? {
    var depth = 1
    var quote: UInt8?
    var index = start
    let limit = min(source.count, start + destinationLimit)
    while index < limit {
      let byte = source[index]
      index += 1
      if byte == UInt8(ascii: "\\") {
        index += 1
      } else if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), source[index - 2].isWhiteSpace {
        quote = byte
      } else if byte == UInt8(ascii: "(") {
        depth += 1
      } else if byte == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// Behind the `-->` of the comment at `start`.
  static func comment(in source: [UInt8], from start: Int) -> Int? {
    var dashes = 0
    for index in source.indices[(start + 4)...] {
      if source[index] == UInt8(ascii: ">"), dashes >= 2 { return index + 1 }
      dashes = source[index] == UInt8(ascii: "-") ? dashes + 1 : 0
    }
    return nil
  }

  /// Behind the `>` of the tag at `start`, outside quotes and, in MDX, outside braces.
  static func tag(in source: [UInt8], from start: Int, dialect: Markdown.Dialect) -> Int? {
    var quote: UInt8?
    var depth = 0
    var index = start + 1
    while index < source.count {
      let byte = source[index]
      index += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), source[index - 2] == UInt8(ascii: "=") {
        quote = byte
      } else if byte == UInt8(ascii: "{"), dialect == .mdx {
        depth += 1
      } else if byte == UInt8(ascii: "}"), dialect == .mdx {
        depth -= 1
      } else if byte == UInt8(ascii: ">"), depth <= 0 {
        return index
      } else if byte == UInt8(ascii: "<"), depth <= 0 {
        return nil
      }
    }
    return nil
  }

  /// Behind the brace that closes the one at `start`.
  static func expression(in source: [UInt8], from start: Int) -> Int? {
    var depth = 0
    for index in start..<source.count {
      if source[index] == UInt8(ascii: "{") { depth += 1 }
      if source[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return nil
  }
}
