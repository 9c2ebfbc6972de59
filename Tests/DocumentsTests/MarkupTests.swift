import Documents
import Testing

@Suite struct MarkupTests {
  private func expect(
    _ document: Document, _ lines: [(Block.Kind, String)], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(document.blocks.map(\.text) == lines.map(\.1), sourceLocation: location)
    #expect(document.blocks.map(\.kind) == lines.map(\.0), sourceLocation: location)
  }

  @Test func `a page gives its visible text`() throws {
    let document = try Document(PackageResources.page_html, format: .html)
    #expect(document.title == "Caring for “chisels” — the Workshop")
    expect(
      document,
      [
        (.heading(level: 1), "Caring for chisels"),
        (.paragraph, "Keep them dry and sharp. Oil helps"),
        (.paragraph, "A second paragraph, never closed"),
        (.listItem, "stone"), (.listItem, "strop"), (.listItem, "leather"), (.listItem, "oil"),
        (.quote, "Sharp tools are safe tools."),
        (.heading(level: 2), "Angles"),
        (.tableRow, "Tool | Angle"), (.tableRow, "Paring | 20°"),
        (.code, "sharpen(angle: 25)\n    .polish()"),
        (.paragraph, "A sharp chisel"),
        (.paragraph, "AT&T ∉ R&D, 5 < 6 😀 &unknown;"),
      ])
    #expect(document.blocks.last?.headings == ["Caring for chisels", "Angles"])
  }

  @Test func `a guide in Markdown loses its marks and keeps its words`() throws {
    let document = try Document(PackageResources.guide_md, format: .markdown)
    #expect(document.title == "The chisel guide")
    expect(
      document,
      [
        (.heading(level: 1), "Chisels"),
        (
          .paragraph,
          "A chisel is a tool with a cutting edge, see the shop or its history and a sharp chisel. "
            + "Snake_case_names and 2 * 3 * 4 stay."
        ),
        (.heading(level: 2), "Sharpening"),
        (.listItem, "Use a stone *wet*."), (.listItem, "Then a strop of leather."), (.listItem, "Fine paste"),
        (.listItem, "Done"),
        (.quote, "Sharp tools are safe tools."),
        (.code, "let angle = 25 // *not* emphasis\n\npolish()"),
        (.code, "indented code"),
        (.tableRow, "Tool | Angle"), (.tableRow, "Paring | 20°"), (.tableRow, "Mortise | 30"),
        (.heading(level: 3), "Care"),
        (.paragraph, "Oil & rag"),
        (.paragraph, "Line one line two bold https://example.org *kept*"),
        (.paragraph, "An old saying."),
      ])
  }

  @Test func `MDX loses its imports, exports, components and expressions`() throws {
    let document = try Document(PackageResources.component_mdx, format: .mdx)
    expect(
      document,
      [
        (.heading(level: 1), "Hello, !"), (.paragraph, "Some important text."), (.paragraph, "The last paragraph."),
      ])
  }

  @Test(arguments: [
    ("***bold and italic***", "bold and italic"), ("a*b*c and a_b_c", "abc and a_b_c"), ("~~gone~~ ~1", "gone ~1"),
    ("`` a`b `` `open", "a`b `open"), ("[not a link]", "[not a link]"), ("[a](b", "[a](b"),
    ("[a [b](c) d](e)", "a b d"),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("a <!-- hidden --> b", "a b"), ("&copy; &#35;", "© #"),
    ("unmatched **bold", "unmatched **bold"), ("*“quoted”*", "“quoted”"),
  ])
  func `inline marks are taken out where they are marks`(_ markdown: String, _ text: String) {
    #expect(Markdown.document(from: markdown, dialect: .commonMark).blocks.map(\.text) == [text])
  }

  @Test func `paragraphs of plain text are what empty lines separate`() {
    let document = PlainText.document(from: "one\ntwo\n \nthree\n\n\n# four\n====")
    expect(document, [(.paragraph, "one two"), (.paragraph, "three"), (.paragraph, "# four ====")])
    #expect(document.title == nil)
  }

  @Test(arguments: [
    ("<p>a<p>b", ["a", "b"]), ("a<div>b</div>c", ["a", "b", "c"]), ("<b>a</b>b", ["ab"]), ("a<!-->b", ["ab"]),
    ("a<!-- x", ["a"]), ("<title>x<b></title>a", ["a"]), ("<p hidden>a<p>b", ["b"]), ("a < b", ["a < b"]),
    ("<script>a</scr</script>b", ["b"]), ("a<img alt='x &amp; y'>b", ["a x & y b"]),
    ("&#0;&#x80;&#xD800;", ["\u{FFFD}€\u{FFFD}"]),
    ("<ul><li hidden>a<li>b</ul>", ["b"]), ("</p></div>a", ["a"]), ("a</ x>b", ["ab"]), ("<a href='>'>b</a>", ["b"]),
    ("soft&shy;hyphen", ["softhyphen"]), ("&copycat &amp", ["©cat &"]),
  ])
  func `HTML is read by its rules`(_ html: String, _ texts: [String]) {
    #expect(HTML.document(from: html).blocks.map(\.text) == texts)
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `no markup breaks a reader, and nothing is made up`(_ seed: UInt64) {
    var random = GeneratedText(seed: seed)
    let pieces = [
      "<", ">", "</", "<p>", "<!--", "-->", "<div hidden>", "</div>", "<li>", "<td>", "<tr>", "<table>", "&", "#", ";",
      "x", " ",
      "\n", "\n\n", "*", "_", "`", "```\n", "[", "]", "(", ")", "![", "](", "> ", "- ", "1. ", "    ", "|", "|-|\n",
      "{", "}",
      "\\", "\"", "'", "=", "---\n", "import ", "é", "<script>", "<title>", "~", "\t",
    ]
    let text = random.shuffled(pieces, count: 400)
    for document in [
      HTML.document(from: text), Markdown.document(from: text, dialect: .commonMark),
      Markdown.document(from: text, dialect: .mdx), PlainText.document(from: text),
    ] {
      #expect(document.blocks.allSatisfy { !$0.text.isEmpty && $0.headings.count <= 6 })
      #expect(document.blocks.map(\.text.utf8.count).reduce(0, +) <= text.utf8.count * 3)
    }
  }
}
