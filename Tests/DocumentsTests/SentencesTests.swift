import Documents
import Testing

@Suite struct SentencesTests {
  @Test func `sentences end at stops before white space`() {
    #expect(Sentences.split("One. Two! Three?  Four") == ["One.", "Two!", "Three?", "Four"])
  }

  @Test(arguments: [
    "Dr. Smith met Mrs. Jones at St. Mary's.",
    "J. R. R. Tolkien wrote it in the U.S. Army.",
    "It costs 3.14 euros, i.e. not much.",
    "See fig. 3 and no. 5 of vol. 2.",
    "Wir sehen uns am 3. Mai um 8 Uhr, z.B. am Bahnhof.",
    "1. Open the lid",
    "Wait … for it... and go.",
    "“Really?” he said.",
    "Visit example.com for more",
    "He paid approx. five euros.",
  ])
  func `what looks like an end but is none stays in one sentence`(_ text: String) {
    #expect(Sentences.split(text) == [text[...]])
  }

  @Test(arguments: [
    ("He said “Stop!” Then he left.", ["He said “Stop!”", "Then he left."]),
    ("It is over. (Really.) Go on.", ["It is over.", "(Really.)", "Go on."]),
    ("I was there at 5 p.m. Then I left.", ["I was there at 5 p.m.", "Then I left."]),
    ("It was 1999. Then came 2000.", ["It was 1999.", "Then came 2000."]),
    ("Wait... What?", ["Wait...", "What?"]),
    ("So did I. Then he came.", ["So did I.", "Then he came."]),
    ("all in lower case. nobody cares. fine", ["all in lower case.", "nobody cares.", "fine"]),
    ("这是第一句。这是第二句！最后一句？", ["这是第一句。", "这是第二句！", "最后一句？"]),
    ("「行こう。」と言った。次の日", ["「行こう。」", "と言った。", "次の日"]),
    ("no stop here\n\nbut an empty line", ["no stop here", "but an empty line"]),
    ("¿Qué? ¡Nada! Vale.", ["¿Qué?", "¡Nada!", "Vale."]),
  ])
  func `what ends a sentence`(_ text: String, _ sentences: [String]) {
    #expect(Sentences.split(text).map(String.init) == sentences)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `no text is lost between sentences, whatever it is`(_ seed: UInt64) {
    var random = GeneratedText(seed: seed)
    let pieces = ["a", "B", ".", "!", " ", "\n", "\u{301}", "。", "”", "(", "Dr", "3", "…", "é", "🇩🇪", "\u{A0}"]
    let text = random.shuffled(pieces, count: 500)
    let sentences = Sentences.split(text)
    #expect(sentences.joined().withoutWhiteSpace == text.withoutWhiteSpace)
    #expect(sentences.allSatisfy { !$0.isEmpty })
  }
}
