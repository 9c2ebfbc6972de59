internal import MiniLM
internal import TestSupport
internal import Testing

@Suite struct EncoderTests {
  private let encoder: Encoder

  init() throws {
    encoder = try Encoder.load(modelFolder, threads: 2)
  }

  @Test func `every golden text gets the vector that sentence-transformers gives it`() async throws {
    let goldens = try Golden.all()
    let vectors = try await encoder.encode(goldens.map(\.text))
    try #require(vectors.count == goldens.count)
    for (golden, vector) in zip(goldens, vectors) {
      #expect(cosine(vector, golden.vector) >= 0.9999, "\(golden.name)")
    }
  }

  @Test func `different texts get different vectors`() async throws {
    let vectors = try await encoder.encode(["the cat sleeps", "a cat is asleep", "interest rates rose again"])
    #expect(cosine(vectors[0], vectors[1]) > 0.7)
    #expect(cosine(vectors[0], vectors[2]) < 0.3)
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `neither order nor company changes a vector`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let texts = try Golden.all().map(\.text).shuffled(using: &random).prefix(12)
    let together = try await encoder.encode(Array(texts))
    for (text, vector) in zip(texts, together) {
      let alone = try await encoder.encode([text])
      #expect(cosine(alone[0], vector) >= 0.999_999, "seed \(seed): \(text.debugDescription)")
    }
  }

  @Test func `the blocking call gives what the asynchronous one gives`() async throws {
    let texts = ["a short one", "", "A somewhat longer text, with a second clause."]
    let expected = try await encoder.encode(texts)
    #expect(zip(encodeBlocking(texts), expected).allSatisfy { cosine($0, $1) >= 0.999_999 })
  }

  @Test func `calls at the same time do not disturb each other`() async throws {
    let texts = ["one", "two words", "three words here", "and here are five words"]
    let expected = try await encoder.encode(texts)
    try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { (index, try await encoder.encode([text])) }
      }
      for try await (index, vectors) in group { #expect(cosine(vectors[0], expected[index]) >= 0.999_999) }
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `every vector is finite and of length one`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let texts = (0..<3).map { _ in
      let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...0x3_0000, using: &random))
      }
      return String(String.UnicodeScalarView(scalars))
    }
    for vector in try await encoder.encode(texts) {
      try #require(vector.count == Encoder.dimension)
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(length - 1) < 1e-5, "seed \(seed)")
    }
  }

  @Test func `no texts give no vectors`() async throws {
    #expect(try await encoder.encode([]).isEmpty)
  }

  @Test func `a cancelled call ends with that`() async throws {
    let encoder = encoder
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await encoder.encode(Array(repeating: String(repeating: "word ", count: 300), count: 1000))
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  private func encodeBlocking(_ texts: [String]) -> [[Float]] { encoder.encodeBlocking(texts) }
}
