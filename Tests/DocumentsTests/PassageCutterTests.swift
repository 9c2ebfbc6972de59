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
    let trials = 300
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

  @Test func `passages stay under their headings, and a heading with nothing under it is one`() {
    let markdown = "intro\n\n# A\n\none\n\ntwo\n\n## B\n\n- x\n- y\n\n# Empty\n\n# A\n\nagain"
    let passages = cutter.passages(of: Markdown.document(from: markdown, dialect: .commonMark))
    #expect(
      passages == [
        PassageText(text: "intro", place: .section(path: [], ordinal: 0)),
        PassageText(text: "one\n\ntwo", place: .section(path: ["A"], ordinal: 0)),
        PassageText(text: "x\ny", place: .section(path: ["A", "B"], ordinal: 0)),
        PassageText(text: "Empty", place: .section(path: [], ordinal: 1)),
        PassageText(text: "again", place: .section(path: ["A"], ordinal: 1)),
      ])
  }

  @Test(arguments: [
    String(repeating: "word ", count: 2000), String(repeating: "x", count: 5000), String(repeating: "漢", count: 5000),
    "a" + String(repeating: "\u{301}", count: 5000), String(repeating: "Yes. ", count: 2000),
    String(repeating: "one, two and three; ", count: 500),
  ])
  func `text without sentences is cut all the same`(_ text: String) {
    let passages = cutter.passages(of: document([[text]]))
    #expect(passages.map(\.text).joined().withoutWhiteSpace == text.withoutWhiteSpace)
    #expect(passages.allSatisfy { (1...PassageCutter.limit).contains($0.text.unicodeScalars.count) })
    #expect(passages.count <= text.unicodeScalars.count / PassageCutter.radius + 1)
  }

  // MARK: spoken text

  private func segments(_ random: inout GeneratedText, count: Int, stops: Bool, words: Bool) -> [TimedText] {
    var time = 0
    return (0..<count).compactMap { _ in
      time += Int.random(in: 0...9, using: &random) == 0 ? Int.random(in: 0...20_000, using: &random) : 50
      var text = random.sentence()
      if !stops { text = text.lowercased().filter { $0.isLetter || $0 == " " } }
      let start = time
      let spoken = text.split(separator: " ").compactMap { word in
        time += 300
        return TimeSpan(start: time - 300, end: time).map { TimedText.Word(span: $0, text: String(word)) }
      }
      return TimeSpan(start: start, end: time).map { TimedText(span: $0, text: text, words: words ? spoken : []) }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `spoken passages hold every word once, and their times grow`(_ seed: UInt64) {
    var random = GeneratedText(seed: seed)
    let segments = segments(&random, count: 60, stops: seed.isMultiple(of: 2), words: seed.isMultiple(of: 3))
    let passages = cutter.passages(of: segments)
    #expect(passages.map(\.text).joined().withoutWhiteSpace == segments.map(\.text).joined().withoutWhiteSpace)
    #expect(passages.allSatisfy { (1...PassageCutter.limit).contains($0.text.unicodeScalars.count) })
    let spans = passages.compactMap { if case .timeSpan(let span) = $0.place { span } else { nil } }
    #expect(spans.count == passages.count)
    #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.start <= $1.start && $0.end <= $1.end })
    #expect(spans.first?.start == segments.first?.span.start)
    #expect(spans.last?.end == segments.last?.span.end)
    if seed.isMultiple(of: 3) {
      #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start }, "times of words do not overlap")
    }
  }

  @Test func `no passage spans a long silence`() throws {
    let spans = try [(0, 1000), (1000, 2000), (60_000, 61_000)].map { try #require(TimeSpan(start: $0, end: $1)) }
    let passages = cutter.passages(of: zip(spans, ["one", "two", "three"]).map { TimedText(span: $0, text: $1) })
    #expect(
      passages == [
        PassageText(text: "one two", place: .timeSpan(spans[0].union(spans[1]))),
        PassageText(text: "three", place: .timeSpan(spans[2])),
      ])
  }

  @Test func `an edited word of a transcript changes few passages`() {
    var random = GeneratedText(seed: 3)
    var segments = segments(&random, count: 300, stops: true, words: false)
    let before = cutter.passages(of: segments)
    segments[150] = TimedText(span: segments[150].span, text: segments[150].text + " Indeed.")
    let after = cutter.passages(of: segments)
    #expect(Set(before).subtracting(after).count <= 2)
  }
}
