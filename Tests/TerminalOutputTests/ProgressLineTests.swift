import TerminalOutput
import Testing

@Suite struct ProgressLineTests {
  /// A clock that a test moves, and what was printed.
  final class Scene {
    var now = ContinuousClock.now
    var printed = ""

    func line(isTerminal: Bool) -> ProgressLine {
      ProgressLine(
        terminal: Terminal(isTerminal: isTerminal, width: 10, usesColor: false), now: { self.now },
        write: { self.printed += $0 })
    }
  }

  @Test func `at a terminal the line is overwritten, not more often than an eye can follow`() {
    let scene = Scene()
    var line = scene.line(isTerminal: true)
    line.update("1 of 3")
    line.update("2 of 3")
    scene.now += .milliseconds(150)
    line.update("a very long text")
    line.finish("done")
    #expect(scene.printed == "\r1 of 3\u{1B}[K\ra very l…\u{1B}[K\rdone\u{1B}[K\n")
  }

  @Test func `elsewhere there is a new line now and then, and always the last one`() {
    let scene = Scene()
    var line = scene.line(isTerminal: false)
    line.update("1 of 3")
    scene.now += .seconds(5)
    line.update("2 of 3")
    scene.now += .seconds(6)
    line.update("a very long text")
    line.finish("done")
    #expect(scene.printed == "1 of 3\na very long text\ndone\n")
  }

  @Test func `the line makes room for something else`() {
    let scene = Scene()
    var line = scene.line(isTerminal: true)
    line.clear()
    line.update("1")
    line.clear()
    line.update("2")
    #expect(scene.printed == "\r1\u{1B}[K\r\u{1B}[K\r2\u{1B}[K")
  }
}
