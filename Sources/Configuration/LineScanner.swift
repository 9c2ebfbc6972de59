internal import Text

/// One line of a file and how far it was read.
struct LineScanner {
  private var rest: Substring
  /// Where the rest begins, in characters from 1.
  private(set) var column = 1

  init(_ line: Substring) { rest = line }

  var isAtEnd: Bool { rest.isEmpty }
  var next: Character? { rest.first }
  /// The rest, short and safe to show.
  var shownRest: String { String(rest).printable(limit: 20) }

  func hasPrefix(_ text: String) -> Bool { rest.hasPrefix(text) }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    _ = takeOne()
    return true
  }

  mutating func takeOne() -> Character? {
    guard let first = rest.popFirst() else { return nil }
    column += 1
    return first
  }

  mutating func take(count: Int) -> String {
    let text = rest.prefix(count)
    rest = rest.dropFirst(count)
    column += text.count
    return String(text)
  }

  mutating func takeWhile(_ isTaken: (Character) -> Bool) -> String {
    let text = rest.prefix(while: isTaken)
    rest = rest[text.endIndex...]
    column += text.count
    return String(text)
  }

  mutating func skipBlanks() { _ = takeWhile { $0 == " " || $0 == "\t" } }
}
