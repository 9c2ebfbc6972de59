import TestSupport

/// Text that looks like prose, the same for the same seed.
struct GeneratedText: RandomNumberGenerator {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }

  mutating func word() -> String {
    let syllables = ["ra", "mi", "lo", "ten", "var", "su", "pel", "ko", "ni", "dra", "ge", "fol", "ish", "um", "qua"]
    return (0..<Int.random(in: 1...4, using: &self)).map { _ in syllables.randomElement(using: &self) ?? "" }.joined()
  }

  /// Five to thirty words, a capital at the beginning, a stop at the end.
  mutating func sentence() -> String {
    var words = (0..<Int.random(in: 5...30, using: &self)).map { _ in word() }
    if words.count > 12 { words[6] += "," }
    let text = words.joined(separator: " ")
    return text.prefix(1).uppercased() + text.dropFirst() + ([".", "!", "?"].randomElement(using: &self) ?? ".")
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }

  /// Pieces of markup in any order: what makes parsers stumble.
  mutating func shuffled(_ pieces: [String], count: Int) -> String {
    (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
  }
}

extension String {
  /// What must survive cutting: everything but white space.
  var withoutWhiteSpace: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { !$0.properties.isWhitespace }))
  }
}
