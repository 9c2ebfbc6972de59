internal import Text

/// The state of long work in one line: overwritten in place at a terminal, a new line now and then elsewhere.
package struct ProgressLine {
  private let terminal: Terminal
  private let interval: Duration
  private let now: () -> ContinuousClock.Instant
  private let write: (String) -> Void
  private var shownAt: ContinuousClock.Instant?
  private var isLineOpen = false

  /// - Parameters:
  ///   - now: the time, for tests.
  ///   - write: prints a text as it is.
  package init(
    terminal: Terminal, now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now },
    write: @escaping (String) -> Void
  ) {
    self.terminal = terminal
    self.now = now
    self.write = write
    interval = terminal.isTerminal ? .milliseconds(100) : .seconds(10)
  }

  /// Shows a state, unless another one was shown a moment ago: 0.1 s at a terminal, 10 s elsewhere.
  package mutating func update(_ text: @autoclosure () -> String) {
    let time = now()
    if let shownAt, time - shownAt < interval { return }
    shownAt = time
    show(text())
  }

  /// Shows the last state, whenever the one before was shown, and ends the line.
  package mutating func finish(_ text: String) {
    show(text)
    if isLineOpen { write("\n") }
    isLineOpen = false
  }

  /// Takes the line away, so that something else can be printed.
  package mutating func clear() {
    if isLineOpen { write("\r\u{1B}[K") }
    isLineOpen = false
    shownAt = nil
  }

  private mutating func show(_ text: String) {
    let line = text.printable()
    if terminal.isTerminal {
      // The last column stays free: some terminals break the line when it is filled.
      write("\r\(line.truncated(toWidth: terminal.width - 1))\u{1B}[K")
      isLineOpen = true
    } else {
      write(line + "\n")
    }
  }
}
