import Documents
import Testing

/// What costs a quadratic reader minutes, repeated up to 50,000 bytes; a linear one needs a fraction of a second.
@Suite(.timeLimit(.minutes(1))) struct HostileTextTests {
  private func repeated(_ piece: String) -> String { String(repeating: piece, count: 50_000 / piece.utf8.count) }

  @Test(arguments: [
    "<", "<a", "<div>", "</div>", "<!--", "<b><p>", "&", "<a b='", "<script>", "<li>", "[", "](", "[](a", "![](", "*a",
    "_a_", "`a", "``a`", "> ", "- ", "<!", "{", "<a {", "\\", "a\n", "|a|\n", "    a\n", "[a]: b\n", "~~", "&#", "[^",
    "*", "```\na\n", "# ", "<p hidden>", "<td>", "<title>", "import {\n\n",
  ])
  func `repeated markup costs no more than its length`(_ piece: String) {
    let text = repeated(piece)
    for document in [
      HTML.document(from: text), Markdown.document(from: text, dialect: .commonMark),
      Markdown.document(from: text, dialect: .mdx),
    ] {
      #expect(document.blocks.map(\.text.utf8.count).reduce(0, +) <= text.utf8.count * 3)
    }
  }

  @Test(arguments: [
    ".", "...", "a. ", "Dr. ", "A.", "(", "\"", ". (", "\n", " ", "\u{301}", "。", "1.", "e\u{200D}", "，", "a, ",
    "\u{A0}",
  ])
  func `repeated stops and blanks are cut within the limits`(_ piece: String) {
    let text = repeated(piece)
    let passages = PassageCutter().passages(of: PlainText.document(from: text))
    #expect(passages.map(\.text).joined().withoutWhiteSpace == text.withoutWhiteSpace)
    #expect(passages.allSatisfy { (1...PassageCutter.limit).contains($0.text.unicodeScalars.count) })
  }

  @Test(arguments: [
    "00:01.0 --> 00:01.0\na\n\n", "00:01.0 --> 00:02.0\n", "-->\n", "1\n", "NOTE\n\n", "<v A>x</v>", "{\\",
    "00:01.0 --> 00:02.0\na b\n\n", "00:09.0 --> 00:01.0\na\n",
  ])
  func `repeated cues cost no more than their length`(_ piece: String) {
    for header in ["", "WEBVTT\n\n", "00:01.0 --> 00:02.0\n"] {
      do throws(DocumentError) {
        let track = try SubtitleTrack(parsing: header + repeated(piece))
        #expect(track.issues.count <= SubtitleTrack.issueLimit)
      } catch {
        #expect(error.description.hasPrefix("expected SRT or WebVTT cues"))
      }
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>, DocumentFormat.allCases)
  func `any bytes are read in any format, or refused`(_ seed: UInt64, _ format: DocumentFormat) {
    var random = GeneratedText(seed: seed)
    let bytes = random.bytes(Int.random(in: 0...3000, using: &random))
    guard let document = try? Document(bytes, format: format) else { return }
    let passages = PassageCutter().passages(of: document)
    #expect(passages.allSatisfy { (1...PassageCutter.limit).contains($0.text.unicodeScalars.count) })
    #expect(passages.allSatisfy { !$0.text.unicodeScalars.contains("\0") })
  }
}
