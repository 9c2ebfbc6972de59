/// The YAML between `---` lines, or TOML between `+++` lines, that may stand at the beginning of a file.
struct FrontMatter {
  /// The value of `title`, if it is a plain or quoted string.
  private(set) var title: String?
  /// How many lines it takes, delimiters included; 0 if there is none.
  private(set) var lineCount = 0

  /// Front matter begins right below its delimiter; above an empty line, `---` is a rule. What is longer than
  /// this many lines is taken for a document that begins with a rule, too.
  private static let lineLimit = 500

  init(_ lines: [[UInt8]]) {
    let first = Self.text(lines[0])
    guard first == "---" || first == "+++", lines.count > 1, !lines[1].allSatisfy(\.isWhiteSpace) else { return }
    let ends = first == "---" ? ["---", "..."] : ["+++"]
    guard let end = lines.prefix(Self.lineLimit).dropFirst().firstIndex(where: { ends.contains(Self.text($0)) })
    else { return }
    lineCount = end + 1
    let separator: Character = first == "---" ? ":" : "="
    title = lines[1..<end].lazy.compactMap { Self.value(of: "title", in: $0, separator: separator) }.first
  }

  /// The value of a top-level key in a line of its own.
  private static func value(of key: String, in line: [UInt8], separator: Character) -> String? {
    let line = String(decoding: line.prefix(2000), as: UTF8.self)
    guard let mark = line.firstIndex(of: separator),
      line[..<mark].hasPrefix(key), line[..<mark].dropFirst(key.count).allSatisfy(\.isWhitespace)
    else { return nil }
    var value = line[line.index(after: mark)...].collapsingWhiteSpace()
    if let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote {
      value = String(value.dropFirst().dropLast())
    }
    return value.isEmpty || value == "|" || value == ">" ? nil : value
  }

  private static func text(_ line: [UInt8]) -> String {
    line.count > 16 ? "" : String(decoding: line, as: UTF8.self).collapsingWhiteSpace()
  }
}
