/// A line on the way through the containers: what is left of it, and how far it is indented.
struct MarkdownLine {
  private(set) var rest: ArraySlice<UInt8>
  /// Columns of white space before `rest`, with tab stops every four.
  private(set) var indent = 0
  private var column = 0

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
    skipWhiteSpace()
  }

  var isBlank: Bool { rest.isEmpty }

  /// Takes columns off the indentation.
  mutating func unindent(by columns: Int) { indent -= min(columns, indent) }

  /// Passes over a marker of that many bytes, and the white space after it, which becomes the new indentation.
  mutating func passMarker(_ count: Int) {
    rest = rest.dropFirst(count)
    column += count
    indent = 0
    skipWhiteSpace()
  }

  private mutating func skipWhiteSpace() {
    while let byte = rest.first, byte == 0x20 || byte == 0x09 {
      let width = byte == 0x09 ? 4 - column % 4 : 1
      column += width
      indent += width
      rest = rest.dropFirst()
    }
    if rest.allSatisfy(\.isWhiteSpace) { rest = rest.suffix(0) }
  }

  /// The level of an ATX heading and its text.
  var heading: (level: Int, text: ArraySlice<UInt8>)? {
    let marks = rest.prefix { $0 == UInt8(ascii: "#") }.count
    let text = rest.dropFirst(marks)
    guard indent < 4, (1...6).contains(marks), text.first.map(\.isWhiteSpace) ?? true else { return nil }
    var end = text.trimmingEnd()
    let unmarked = end.dropLast(end.reversed().prefix { $0 == UInt8(ascii: "#") }.count)
    if unmarked.last.map(\.isWhiteSpace) ?? true { end = unmarked.trimmingEnd() }
    return (marks, end)
  }

  /// The character and length of a code fence, opening or closing.
  var fence: (character: UInt8, length: Int, info: ArraySlice<UInt8>)? {
    guard indent < 4, let first = rest.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") else {
      return nil
    }
    let length = rest.prefix { $0 == first }.count
    let info = rest.dropFirst(length).trimmingEnd()
    if length < 3 || (first == UInt8(ascii: "`") && info.contains(first)) { return nil }
    return (first, length, info)
  }

  /// Three or more `-`, `*` or `_` and nothing else.
  var isThematicBreak: Bool {
    guard indent < 4, let first = rest.first, [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_")].contains(first)
    else { return false }
    let marks = rest.filter { !$0.isWhiteSpace }
    return marks.count >= 3 && marks.allSatisfy { $0 == first }
  }

  /// The level that an underline of `=` or `-` makes the paragraph above a heading of.
  var underlineLevel: Int? {
    guard indent < 4, let first = rest.first, first == UInt8(ascii: "=") || first == UInt8(ascii: "-") else {
      return nil
    }
    return rest.trimmingEnd().allSatisfy { $0 == first } ? (first == UInt8(ascii: "=") ? 1 : 2) : nil
  }

  /// The bytes of a list marker, without the white space after it.
  var listMarker: (length: Int, mayInterrupt: Bool)? {
    guard indent < 4, let first = rest.first else { return nil }
    var length = 1
    var isFirst = true
    if first.isDigit {
      length = rest.prefix(10).prefix(while: \.isDigit).count
      guard length < 10, let stop = rest.dropFirst(length).first, stop == UInt8(ascii: ".") || stop == UInt8(ascii: ")")
      else { return nil }
      isFirst = length == 1 && first == UInt8(ascii: "1")
      length += 1
    } else if ![UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+")].contains(first) {
      return nil
    }
    let after = rest.dropFirst(length)
    guard after.first.map(\.isWhiteSpace) ?? true else { return nil }
    return (length, isFirst && !after.isEmpty)
  }

  /// The cells of a row of a table; `nil` without a pipe.
  var cells: [ArraySlice<UInt8>]? {
    guard rest.contains(UInt8(ascii: "|")) else { return nil }
    var cells: [ArraySlice<UInt8>] = []
    var start = rest.startIndex
    for index in rest.indices where rest[index] == UInt8(ascii: "|") {
      if index > rest.startIndex, rest[index - 1] == UInt8(ascii: "\\") { continue }
      cells.append(rest[start..<index])
      start = index + 1
    }
    cells.append(rest[start...])
    if cells.count > 1, cells[0].allSatisfy(\.isWhiteSpace) { cells.removeFirst() }
    if cells.count > 1, cells[cells.count - 1].allSatisfy(\.isWhiteSpace) { cells.removeLast() }
    return cells
  }

  /// Whether the line is the `|---|:--:|` below the head of a table with that many cells.
  func isDelimiterRow(cells count: Int) -> Bool {
    guard let cells, cells.count == count else { return false }
    return cells.allSatisfy { cell in
      let marks = cell.filter { !$0.isWhiteSpace }
      return marks.contains(UInt8(ascii: "-"))
        && marks.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
    }
  }
}

extension ArraySlice<UInt8> {
  func trimmingEnd() -> ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, self[end - 1].isWhiteSpace { end -= 1 }
    return self[startIndex..<end]
  }
}
