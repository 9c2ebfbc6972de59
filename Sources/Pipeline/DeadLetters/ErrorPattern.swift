/// An error message without what differs from case to case, so that messages of one cause are equal.
///
/// Quoted parts become `<text>`, paths and addresses `<path>`, ids `<id>`, numbers `#`; white space is one space. A
/// pattern is its own pattern.
package struct ErrorPattern: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  /// How much of a message is looked at, in characters.
  private static let longestMessage = 1000
  /// The longest pattern, in characters.
  private static let longestPattern = 300

  package init(of message: String) {
    let shortened = String(message.prefix(Self.longestMessage))
    let words = Self.withoutQuotes(shortened).split(whereSeparator: \.isWhitespace).map(Self.generalised)
    let pattern = words.joined(separator: " ").prefix(Self.longestPattern)
    description = String(pattern.last == " " ? pattern.dropLast() : pattern)
  }

  /// The quotation marks, and what closes each.
  private static let quotes: [Character: Character] = ["`": "`", "\"": "\"", "'": "'", "“": "”", "‘": "’", "«": "»"]

  /// Replaces what stands between quotation marks. One inside a word is an apostrophe.
  private static func withoutQuotes(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if let closing = quotes[character], result.last?.isLetter != true, let end = rest.firstIndex(of: closing) {
        result += "<text>"
        rest = rest[rest.index(after: end)...]
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// The word in general: a path, an id, or itself with its numbers replaced.
  private static func generalised(_ word: Substring) -> String {
    let start = word.firstIndex { !isPunctuation($0) || $0 == "." } ?? word.endIndex
    let core = word[start...]
    let end = core.lastIndex { !isPunctuation($0) }.map { core.index(after: $0) } ?? start
    let inner = core[..<end]
    return word[..<start] + general(inner) + core[end...]
  }

  private static func isPunctuation(_ character: Character) -> Bool { "()[]{},;:.!?=".contains(character) }

  private static func general(_ word: Substring) -> String {
    if isIdentifier(word) { return "<id>" }
    // `key=/a/b` and `name:7` say two things; a time and an address do not.
    if !word.contains("://"), let mark = word.firstIndex(where: { "=:".contains($0) }),
      word[..<mark].contains(where: \.isLetter), !word[..<mark].contains("/")
    {
      return withoutNumbers(word[...mark]) + general(word[word.index(after: mark)...])
    }
    return isPath(word) ? "<path>" : withoutNumbers(word)
  }

  /// An absolute or relative path, or an address; `and/or` and `video/mp4` are none.
  private static func isPath(_ word: Substring) -> Bool {
    guard word.contains("/") else { return false }
    return word.hasPrefix("/") || word.hasPrefix("./") || word.hasPrefix("../") || word.hasPrefix("~/")
      || word.contains("://") || word.count { $0 == "/" } > 1
  }

  /// A UUID, a digest, an address in memory, or another long word of letters and digits.
  private static func isIdentifier(_ word: Substring) -> Bool {
    guard word.contains(where: \.isNumber) else { return false }
    if word.hasPrefix("0x") { return word.dropFirst(2).allSatisfy(\.isHexDigit) && word.count > 2 }
    if word.count >= 8, word.allSatisfy({ $0.isHexDigit || $0 == "-" }) { return word.contains(where: \.isLetter) }
    return word.count >= 20 && word.contains(where: \.isLetter)
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" || $0 == "_" }
  }

  /// Digits, with the marks inside a number, become one sign.
  private static func withoutNumbers(_ word: Substring) -> String {
    var result = ""
    var rest = word
    while let character = rest.popFirst() {
      guard character.isNumber else {
        result.append(character)
        continue
      }
      result.append("#")
      while let next = rest.first {
        let isInside = ".,:-".contains(next) && rest.dropFirst().first?.isNumber == true
        guard next.isNumber || isInside else { break }
        rest.removeFirst()
      }
    }
    return result
  }
}
