/// Takes a query apart. Anything is accepted: what is neither word nor phrase is passed over.
struct SearchQueryReader {
  private var rest: Substring.UnicodeScalarView

  private static let quotes: Set<Unicode.Scalar> = ["\"", "“", "”", "„", "‟", "«", "»", "\u{FF02}"]
  private static let hyphens: Set<Unicode.Scalar> = ["-", "\u{2212}", "\u{FF0D}"]

  init(_ text: String) { rest = Substring(text).unicodeScalars }

  mutating func terms() -> [SearchQuery.Term] {
    var terms: [SearchQuery.Term] = []
    skip(while: Self.isBlank)
    while let first = rest.first {
      let isExcluded = Self.hyphens.contains(first)
      skip { Self.hyphens.contains($0) }
      if let term = term(isExcluded: isExcluded) { terms.append(term) }
      skip(while: Self.isBlank)
    }
    return terms
  }

  private mutating func term(isExcluded: Bool) -> SearchQuery.Term? {
    let quoted = takeQuoted()
    guard let text = quoted ?? takeWord() else { return nil }
    if isExcluded { return .excluded(text) }
    return quoted != nil && text.contains(" ") ? .phrase(text) : .word(text)
  }

  /// What stands between a quote here and the next one; a quote that is not closed is passed over.
  private mutating func takeQuoted() -> String? {
    guard let first = rest.first, Self.quotes.contains(first) else { return nil }
    rest = rest.dropFirst()
    guard let end = rest.firstIndex(where: { Self.quotes.contains($0) }) else { return nil }
    let words = rest[..<end].split(whereSeparator: Self.isBlank).map { String($0) }
    rest = rest[rest.index(after: end)...]
    return Self.meaningful(words.joined(separator: " "))
  }

  private mutating func takeWord() -> String? {
    let word = rest.prefix { !Self.isBlank($0) && !Self.quotes.contains($0) }
    rest = rest[word.endIndex...]
    return Self.meaningful(String(word))
  }

  private mutating func skip(while isSkipped: (Unicode.Scalar) -> Bool) { rest = rest.drop(while: isSkipped) }

  private static func meaningful(_ text: String) -> String? {
    text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil } ? text : nil
  }

  /// White space and control characters, NUL among them, which a database refuses.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }
}
