import TerminalOutput
import TestSupport
import Testing
import Text

@Suite struct TableTests {
  func terminal(_ width: Int) -> Terminal { Terminal(isTerminal: true, width: width, usesColor: false) }

  var table: Table {
    var table = Table([.init("STAGE"), .init("READY", .right), .init("ERROR", narrowest: 8)])
    table.append(["transcribe", "12", "the provider did not answer in time"])
    table.append(["日本", "3"])
    table.append(["label", "1234", "\u{1B}[2Jbad\nimage"])
    return table
  }

  @Test func `columns are aligned by what a terminal shows`() {
    #expect(
      table.rendered(for: terminal(80)) == """
        STAGE       READY  ERROR
        transcribe     12  the provider did not answer in time
        日本            3
        label        1234  �[2Jbad�image

        """)
  }

  @Test func `what does not fit is cut where it may be cut`() {
    #expect(
      table.rendered(for: terminal(34)) == """
        STAGE       READY  ERROR
        transcribe     12  the provider d…
        日本            3
        label        1234  �[2Jbad�image

        """)
    #expect(table.rendered(for: terminal(1)).contains("the pro…"))
  }

  @Test func `what is no terminal gets everything`() {
    let rendered = table.rendered(for: Terminal(isTerminal: false, width: 20, usesColor: false))
    #expect(rendered.contains("the provider did not answer in time"))
  }

  @Test func `style surrounds the text, not the padding`() {
    var table = Table([.init("A"), .init("B")])
    table.append(["x", "y"], style: .red)
    let rendered = table.rendered(for: Terminal(isTerminal: true, width: 80, usesColor: true))
    #expect(rendered.hasSuffix("\u{1B}[31mx\u{1B}[0m  \u{1B}[31my\u{1B}[0m\n"))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `no line is wider than the terminal as long as the columns can be cut`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let letters = ["a", "日", "e\u{301}", "👩‍🚀", " ", "\t", "\u{1B}"]
    for _ in 0..<50 {
      let count = Int.random(in: 1...5, using: &random)
      var table = Table((0..<count).map { _ in .init("T", Bool.random(using: &random) ? .left : .right, narrowest: 2) })
      for _ in 0..<5 {
        table.append(
          (0..<count).map { _ in
            (0..<Int.random(in: 0..<30, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
              .joined()
          })
      }
      let width = Int.random(in: count * 4..<80, using: &random)
      let lines = table.rendered(for: terminal(width)).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 7)
      #expect(lines.allSatisfy { String($0).displayWidth <= width })
    }
  }
}
