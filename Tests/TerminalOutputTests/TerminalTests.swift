import Glibc
import TerminalOutput
import Testing

@Suite struct TerminalTests {
  @Test func `a pipe is no terminal: no colours, and a width for prose`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(Terminal(descriptor: ends[1], environment: [:]) == Terminal(isTerminal: false, width: 80, usesColor: false))
    #expect(Terminal(descriptor: ends[1], color: .always, environment: [:]).usesColor)
  }

  @Test(arguments: [
    (ColorPolicy.automatic, [:], true), (.automatic, ["NO_COLOR": "1"], false), (.automatic, ["NO_COLOR": ""], true),
    (.automatic, ["TERM": "dumb"], false), (.never, [:], false), (.always, ["NO_COLOR": "1"], true),
  ])
  func `colour follows the policy, NO_COLOR and TERM`(
    policy: ColorPolicy, environment: [String: String], usesColor: Bool
  ) throws {
    try withPseudoTerminal(columns: 123) { descriptor in
      let terminal = Terminal(descriptor: descriptor, color: policy, environment: environment)
      #expect(terminal.usesColor == usesColor)
      #expect(terminal.width == 123)
      #expect(terminal.styled("x", .red) == (usesColor ? "\u{1B}[31mx\u{1B}[0m" : "x"))
    }
  }

  @Test func `COLUMNS outweighs the terminal's size if it makes sense`() throws {
    try withPseudoTerminal(columns: 123) { descriptor in
      #expect(Terminal(descriptor: descriptor, environment: ["COLUMNS": "60"]).width == 60)
      #expect(Terminal(descriptor: descriptor, environment: ["COLUMNS": "-1"]).width == 123)
    }
  }

  private func withPseudoTerminal(columns: UInt16, _ body: (Int32) throws -> Void) throws {
    var (leader, follower): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&leader, &follower, nil, nil, &size) == 0)
    defer { for descriptor in [leader, follower] { close(descriptor) } }
    try body(follower)
  }
}
