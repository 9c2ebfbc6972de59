import Documents
import Testing

@Suite struct PassageCutterTests {
  let cutter = PassageCutter()

  private func document(_ paragraphs: [[String]]) -> Document {
    Document(title: nil, blocks: paragraphs.map { Block(kind: .paragraph, text: $0.joined(separator: " ")) })
  }

  private func paragraphs(_ random: inout GeneratedText, sentences: Int) -> [[String]] {
    var paragraphs: [[String]] = [[]]
    for _ in 0..<sentences {
      if paragraphs[paragraphs.count - 1].count >= Int.random(in: 2...8, using: &random) { paragraphs.append([]) }
      paragraphs[paragraphs.count - 1].append(random.sentence())
    }
    return paragraphs
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `passages hold the whole text once, in order and within their limits`(_ seed: UInt64) {
    var random = GeneratedText(seed: seed)
    let document = document(paragraphs(&random, sentences: Int.random(in: 1...120, using: &random)))
    let passages = cutter.passages(of: document)
    let text = document.blocks.map(\.text).joined()
    #expect(passages.map(\.text).joined().withoutWhiteSpace == text.withoutWhiteSpace)
    #expect(passages.allSatisfy { $0.text.unicodeScalars.count <= PassageCutter.limit })
    if text.count > PassageCutter.limit {
      #expect(passages.allSatisfy { $0.text.unicodeScalars.count >= PassageCutter.radius - 2 })
    }
    #expect(passages.map(\.place) == passages.indices.map { .section(path: [], ordinal: $0) })
  }

  @Test func `a passage is about a hundred words long`() {
    var random = GeneratedText(seed: 7)
    let passages = cutter.passages(of: document(paragraphs(&random, sentences: 2000)))
    let words = passages.map { $0.text.split(separator: " ").count }
    #expect((60...120).contains(words.reduce(0, +) / words.count))
  }

  enum Edit: CaseIterable { case replace, insert, remove }

  @Test(arguments: Edit.allCases)
  func `an edited sentence changes the passage it is in and hardly ever more than a neighbour`(_ edit: Edit) {
    var changes = [Int](repeating: 0, count: 100)
    let trials = 1000
    for seed in 0..<UInt64(trials) {
      var random = GeneratedText(seed: seed)
      var text = paragraphs(&random, sentences: 80)
      let before = cutter.passages(of: document(text)).map(\.text)
      let paragraph = Int.random(in: text.indices, using: &random)
      let sentence = Int.random(in: text[paragraph].indices, using: &random)
      switch edit {
      case .replace: text[paragraph][sentence] = random.sentence()
      case .insert: text[paragraph].insert(random.sentence(), at: sentence)
      case .remove: text[paragraph].remove(at: sentence)
      }
      let after = cutter.passages(of: document(text)).map(\.text)
      // What lies between the unchanged beginning and the unchanged end.
      let same = zip(before, after).prefix { $0 == $1 }.count
      let sameAtEnd = zip(before.dropFirst(same).reversed(), after.dropFirst(same).reversed()).prefix { $0 == $1 }.count
      changes[max(before.count, after.count) - same - sameAtEnd] += 1
    }
    // Three stretches can change (see `ContentDefinedCuts`), and a stretch is hardly ever more than two passages.
    #expect(changes[...6].reduce(0, +) == trials, "\(changes)")
    #expect(changes[...2].reduce(0, +) >= trials * 95 / 100, "\(changes)")
    #expect(changes[...1].reduce(0, +) >= trials * (edit == .replace ? 75 : 60) / 100, "\(changes)")
  }
}
