import TerminalOutput
import Testing

@Suite struct LiveBlockTests {
  private func written(_ texts: [String], on terminal: Terminal) -> [String] {
    var written: [String] = []
    var block = LiveBlock(terminal: terminal) { written.append($0) }
    for text in texts { block.show(text) }
    return written
  }

  @Test func `a block takes the place of the one before, and clears what that had more`() {
    let terminal = Terminal(isTerminal: true, width: 20, usesColor: false)
    #expect(
      written(["a\nb\n", "c\n", "d"], on: terminal) == [
        "a\u{1B}[K\nb\u{1B}[K\n\u{1B}[J", "\r\u{1B}[2Ac\u{1B}[K\n\u{1B}[J", "\r\u{1B}[1Ad\u{1B}[K\n\u{1B}[J",
      ])
  }

  @Test func `what is no terminal gets whole blocks, with a line between`() {
    let pipe = Terminal(isTerminal: false, width: 5, usesColor: false)
    #expect(written(["a long line\nb\n", "c\n"], on: pipe) == ["a long line\nb\n", "\nc\n"])
  }

  @Test func `a line never wraps, and styles take no room and end with it`() {
    let terminal = Terminal(isTerminal: true, width: 5, usesColor: true)
    #expect(
      written(["\u{1B}[31mabcdefgh\u{1B}[0m\nabcd\n日本語"], on: terminal) == [
        "\u{1B}[31mabcd\u{1B}[0m\u{1B}[K\nabcd\u{1B}[K\n日本\u{1B}[K\n\u{1B}[J"
      ])
  }

  @Test func `a block that is higher than the terminal is cut, so that it can be overwritten`() {
    let terminal = Terminal(isTerminal: true, width: 40, height: 4, usesColor: false)
    #expect(
      written(["1\n2\n3\n4\n5\n"], on: terminal) == ["1\u{1B}[K\n2\u{1B}[K\n… 3 more lines\u{1B}[K\n\u{1B}[J"])
  }
}
