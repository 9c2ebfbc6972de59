internal import MiniLM
internal import TestSupport
internal import Testing

@Suite struct TokenizerTests {
  private let tokenizer: WordPieceTokenizer

  init() throws {
    tokenizer = try WordPieceTokenizer(vocabularyPath: "\(modelFolder)/vocab.txt")
  }

  @Test func `every golden text is cut as the published tokenizer cuts it`() throws {
    for golden in try Golden.all() {
      #expect(tokenizer.tokens(of: golden.text, limit: Encoder.maximumTokens) == golden.tokens, "\(golden.name)")
    }
  }

  @Test func `a lower limit keeps the beginning and closes it`() throws {
    for golden in try Golden.all() {
      for limit in [2, 3, 5, 17] where golden.tokens.count > limit {
        let expected = golden.tokens.prefix(limit - 1) + golden.tokens.suffix(1)
        #expect(tokenizer.tokens(of: golden.text, limit: limit) == Array(expected), "\(golden.name), limit \(limit)")
      }
    }
  }

  @Test func `a word of a hundred characters is cut, a longer one is unknown`() {
    let hundred = String(repeating: "e\u{301}", count: 100)
    #expect(!tokenizer.tokens(of: hundred, limit: 256).contains(unknown))
    #expect(tokenizer.tokens(of: hundred + "e", limit: 256).dropFirst().dropLast() == [unknown])
  }

  @Test func `a piece that nothing continues makes its whole word unknown`() {
    #expect(tokenizer.tokens(of: "cat cat\u{10A60} cat", limit: 256) == [101, 4937, unknown, 4937, 102])
  }

  @Test func `marks and punctuation that came after the reference's tables are letters`() {
    let mark: Unicode.Scalar = "\u{1E944}"
    #expect(tokenizer.tokens(of: "a\(mark)b", limit: 256) == [101, unknown, 102])
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `whatever the text, the ids are in the vocabulary and the length is within the limit`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var text = ""
    for _ in 0..<Int.random(in: 0...300, using: &random) {
      let ceiling: UInt32 = Bool.random(using: &random) ? 0x7F : 0x10FFFF
      if let scalar = Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    let limit = Int.random(in: 2...256, using: &random)
    let tokens = tokenizer.tokens(of: text, limit: limit)
    #expect(tokens.count <= limit)
    #expect(tokens.first == 101 && tokens.last == 102)
    #expect(tokens.allSatisfy { (0..<30_522).contains($0) })
  }

  /// `[UNK]`.
  private let unknown: Int32 = 100
}
