import Pipeline
import Search
import TestSupport
import Testing

@Suite struct HostileQueryTests {
  private static let hostile = [
    "'; drop table asset; --", "a & | ! ( ) <-> b", "ship:*", "\\", "a\\'b", "\"a\\\"b\"", "%s %n $1 $2", "\u{0}a\u{0}",
    "'\"'", "a:bc*", "((((a", "\u{1F6A2} a", "\u{202E}a", "\u{FDFA}", "a \u{FF02}b c\u{FF02}", "\u{FF0D}a b",
    "<script>alert(1)</script>", "http://example.org/?a=b&c", "or or or", "or -or \"or\"", "-a- -b- a",
  ]

  @Test func `hostile queries are answered like any other`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(asset, [passage("a b c or d")], vectors: ["a b c or d": direction(1)])
      for text in Self.hostile {
        guard let query = try? SearchQuery(text) else { continue }
        await #expect(throws: Never.self, "\(text)") {
          try await Searcher(database: library.client).search(query, in: "studio", vector: direction(1))
        }
      }
    }
  }

  @Test func `a longest word whose compatibility form is far longer is answered`() async throws {
    try await Library.with { library in
      _ = try await library.found(String(repeating: "\u{FDFA}", count: 333), vector: direction(1))
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `no query raises an error of the database, and no text loses a character to its marks`(
    seed: UInt64
  ) async throws {
    var random = SeededGenerator(seed: seed)
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let texts = (0..<20).map { _ in Self.text(length: 60, control: false, using: &random) }
      try await library.index(
        asset,
        texts.map { passage($0, language: ["english", "german", "simple"].randomElement(using: &random) ?? "") },
        vectors: Dictionary(texts.map { ($0, direction(1)) }) { first, _ in first })
      for _ in 0..<60 {
        let text = Self.text(length: Int.random(in: 1...40, using: &random), control: true, using: &random)
        guard let query = try? SearchQuery(text) else { continue }
        let results = try await Searcher(database: library.client).search(
          query, in: "studio", vector: Bool.random(using: &random) ? direction(1) : nil)
        for hit in results.hits {
          #expect(texts.contains(hit.best.text.text), "seed \(seed): \(text.debugDescription)")
          let length = hit.best.text.text.unicodeScalars.count
          #expect(hit.best.text.highlights.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= length })
        }
      }
    }
  }

  /// Words, marks that mean something to one of the parsers on the way, and any scalars.
  private static func text(length: Int, control: Bool, using random: inout SeededGenerator) -> String {
    let pieces = [
      "ship", "sail", "the", "or", "-", "\"", "'", "\\", ":*", "&", "|", "!", "(", ")", "<->", " ", " ", "<b>",
    ]
    var text = ""
    for _ in 0..<length {
      if Int.random(in: 0..<4, using: &random) > 0 {
        text += pieces.randomElement(using: &random) ?? ""
      } else if let scalar = Unicode.Scalar(UInt32.random(in: (control ? 0 : 0x20)...0x2_FFFF, using: &random)) {
        if control || scalar.properties.generalCategory != .control { text.unicodeScalars.append(scalar) }
      }
    }
    return text
  }
}
