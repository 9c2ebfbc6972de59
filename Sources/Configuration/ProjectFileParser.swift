internal import Text

/// Reads a project file line by line; a line that is wrong is noted and the next one read.
struct ProjectFileParser {
  private struct Fault: Error {
    let column: Int
    let problem: String
  }

  let path: String
  private var section = ""
  private var sections: [String: Int] = [:]
  private var entries: [String: ProjectFile.Entry] = [:]

  init(path: String) { self.path = path }

  mutating func parse(_ text: String) throws(ConfigurationError) -> [String: ProjectFile.Entry] {
    var problems: [String] = []
    let lines = text.split(separator: /\r\n|\n/, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do throws(Fault) {
        try parseLine(LineScanner(line), number: index + 1)
      } catch {
        problems.append("\(path):\(index + 1):\(error.column): \(error.problem)")
        // A file of another kind has nothing but faults.
        if problems.count == 20 { break }
      }
    }
    if !problems.isEmpty { throw ConfigurationError(problems: problems) }
    return entries
  }

  private mutating func parseLine(_ line: LineScanner, number: Int) throws(Fault) {
    var scanner = line
    scanner.skipBlanks()
    if scanner.isAtEnd || scanner.next == "#" { return }
    if scanner.take("[") {
      try parseSection(&scanner, number: number)
    } else {
      try parseEntry(&scanner, number: number)
    }
    scanner.skipBlanks()
    guard scanner.isAtEnd || scanner.next == "#" else {
      throw Fault(
        column: scanner.column, problem: "expected the end of the line or a comment, got '\(scanner.shownRest)'")
    }
  }

  private mutating func parseSection(_ scanner: inout LineScanner, number: Int) throws(Fault) {
    let column = scanner.column
    if scanner.next == "[" { throw Fault(column: column, problem: "tables in arrays are not used here") }
    let name = try parseKey(&scanner)
    guard scanner.take("]") else {
      throw Fault(column: scanner.column, problem: "expected ']' after the section's name")
    }
    if let first = sections.updateValue(number, forKey: name) {
      throw Fault(column: column, problem: "the section [\(name)] is there already, in line \(first)")
    }
    section = name + "."
  }

  private mutating func parseEntry(_ scanner: inout LineScanner, number: Int) throws(Fault) {
    let column = scanner.column
    let name = section + (try parseKey(&scanner))
    guard scanner.take("=") else {
      throw Fault(column: scanner.column, problem: "expected '=' after '\(name)', as in \(name) = \"value\"")
    }
    scanner.skipBlanks()
    let text = try parseValue(&scanner)
    if let first = entries[name] {
      throw Fault(column: column, problem: "'\(name)' is there already, in line \(first.line)")
    }
    entries[name] = ProjectFile.Entry(text: text, line: number, column: column)
  }

  /// Bare keys joined by dots, and the blanks around them.
  private func parseKey(_ scanner: inout LineScanner) throws(Fault) -> String {
    var parts: [String] = []
    repeat {
      scanner.skipBlanks()
      let part = scanner.takeWhile { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
      if part.isEmpty {
        throw Fault(
          column: scanner.column, problem: "expected a name of letters, digits, '-' and '_', got '\(scanner.shownRest)'"
        )
      }
      parts.append(part)
      scanner.skipBlanks()
    } while scanner.take(".")
    return parts.joined(separator: ".")
  }

  private func parseValue(_ scanner: inout LineScanner) throws(Fault) -> String {
    let column = scanner.column
    if scanner.hasPrefix("\"\"\"") || scanner.hasPrefix("'''") {
      throw Fault(column: column, problem: "strings of several lines are not used here")
    }
    if scanner.take("\"") { return try parseBasicString(&scanner, from: column) }
    if scanner.take("'") { return try parseLiteralString(&scanner, from: column) }
    let word = scanner.takeWhile { !" \t#".contains($0) }
    if word == "true" || word == "false" { return word }
    if word.wholeMatch(of: /[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?/) != nil {
      return word.replacing("_", with: "")
    }
    throw Fault(
      column: column,
      problem: word.isEmpty
        ? "expected a value"
        : "expected a string in quotes, a number, true or false, got '\(word.printable(limit: 40))'")
  }

  private func parseLiteralString(_ scanner: inout LineScanner, from column: Int) throws(Fault) -> String {
    let text = scanner.takeWhile { $0 != "'" }
    guard scanner.take("'") else { throw Fault(column: column, problem: "the string's closing ' is missing") }
    try checkControls(in: text, at: column)
    return text
  }

  private func parseBasicString(_ scanner: inout LineScanner, from column: Int) throws(Fault) -> String {
    var text = ""
    while true {
      let piece = scanner.takeWhile { $0 != "\"" && $0 != "\\" }
      try checkControls(in: piece, at: column)
      text += piece
      if scanner.take("\"") { return text }
      guard scanner.take("\\") else { throw Fault(column: column, problem: "the string's closing \" is missing") }
      text.unicodeScalars.append(try parseEscape(&scanner))
    }
  }

  private func parseEscape(_ scanner: inout LineScanner) throws(Fault) -> Unicode.Scalar {
    let column = scanner.column - 1
    let letter = scanner.takeOne()
    switch letter {
    case "\"": return "\""
    case "\\": return "\\"
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "u", "U":
      let digits = scanner.take(count: letter == "u" ? 4 : 8)
      if digits.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit), let number = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(number), digits.count == (letter == "u" ? 4 : 8)
      {
        return scalar
      }
      throw Fault(column: column, problem: "expected \\u and four or \\U and eight hexadecimal digits of a character")
    default:
      throw Fault(column: column, problem: "unknown escape; known are \\\" \\\\ \\n \\t \\r \\uXXXX \\UXXXXXXXX")
    }
  }

  /// Refuses raw control characters but the tab (TOML 1.0, "String"); escapes may stand for them.
  private func checkControls(in text: String, at column: Int) throws(Fault) {
    let isControl: (Unicode.Scalar) -> Bool = { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }
    if text.unicodeScalars.contains(where: isControl) {
      throw Fault(column: column, problem: "the string contains a control character; write it as an escape")
    }
  }
}
