/// Guesses the language of a text from its script and its commonest words. Never certain; when in doubt, `simple`.
package enum LanguageGuess {
  /// How much of a text is looked at, in Unicode scalars.
  private static let sampleLength = 20_000

  /// The language of a text, as far as its first pages tell.
  package static func language(of text: String) -> TextLanguage {
    let scalars = text.unicodeScalars.prefix(sampleLength)
    switch Script.dominant(in: scalars) {
    case .latin: return byStopWords(scalars)
    case .cyrillic: return cyrillic(scalars)
    case .arabic: return contains(scalars, anyOf: "پچژگکیںٹ") ? .simple : .arabic
    case .hebrew: return yiddish(scalars)
    case .devanagari: return hindi(scalars)
    case .greek: return .greek
    case .armenian: return .armenian
    case .tamil: return .tamil
    case nil: return .simple
    }
  }

  /// The language most of whose stop words occur, if they occur often enough, and if of the words that set it apart
  /// from the second best at least twice as many speak for it as against it.
  private static func byStopWords(_ scalars: some Sequence<Unicode.Scalar>) -> TextLanguage {
    let words = words(in: scalars)
    let known = words.compactMap { StopWords.languages[$0] }
    var hits: [TextLanguage: Int] = [:]
    for language in known.joined() { hits[language, default: 0] += 1 }
    let ranked = hits.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key)
    guard let best = ranked.first, let count = hits[best], count >= 2, count * 10 >= words.count else { return .simple }
    guard let second = ranked.dropFirst().first else { return best }
    let speakingFor = known.count { $0.contains(best) && !$0.contains(second) }
    let speakingAgainst = known.count { $0.contains(second) && !$0.contains(best) }
    return speakingFor >= 2 * max(speakingAgainst, 1) ? best : .simple
  }

  /// Russian and Serbian; the letters of their neighbours speak against both.
  private static func cyrillic(_ scalars: some Sequence<Unicode.Scalar>) -> TextLanguage {
    if contains(scalars, anyOf: "іїєґўқғңәө") { return .simple }
    if contains(scalars, anyOf: "ђћџљњј") { return contains(scalars, anyOf: "ѓќѕ") ? .simple : .serbian }
    return contains(scalars, anyOf: "ыэё") ? .russian : .simple
  }

  private static func yiddish(_ scalars: some Sequence<Unicode.Scalar>) -> TextLanguage {
    let common: Set<String> = ["איז", "און", "דער", "די", "דאָס", "פֿון", "פון", "צו", "ניט", "נישט", "מיט", "האָט"]
    return words(in: scalars).count(where: common.contains) >= 2 ? .yiddish : .simple
  }

  /// Hindi, not Nepali or Marathi, which share its script.
  private static func hindi(_ scalars: some Sequence<Unicode.Scalar>) -> TextLanguage {
    let common: Set<String> = ["है", "हैं", "और", "में", "के", "का", "की", "से", "को", "था", "थी", "नहीं"]
    return words(in: scalars).count(where: common.contains) >= 2 ? .hindi : .simple
  }

  private static func contains(_ scalars: some Sequence<Unicode.Scalar>, anyOf letters: String) -> Bool {
    let letters = Set(letters.unicodeScalars)
    return scalars.contains(where: letters.contains)
  }

  private static func words(in scalars: some Sequence<Unicode.Scalar>) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in scalars {
      if scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark {
        word.unicodeScalars.append(scalar)
      } else if !word.isEmpty {
        words.append(word.lowercased())
        word = ""
      }
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }
}
