internal import Text

/// Some lines that are shown again and again: in place at a terminal, one block after the other elsewhere.
package struct LiveBlock {
  private let terminal: Terminal
  private let write: (String) -> Void
  private var height = 0
  private var wasShown = false

  /// - Parameter write: prints a text as it is.
  package init(terminal: Terminal, write: @escaping (String) -> Void) {
    self.terminal = terminal
    self.write = write
  }

  /// Shows the newest state, which may be styled.
  ///
  /// At a terminal it takes the place of the one before; what does not fit is left out, as it could not be overwritten.
  package mutating func show(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    defer { wasShown = true }
    guard terminal.isTerminal else {
      return write((wasShown ? "\n" : "") + lines.map { $0 + "\n" }.joined())
    }
    let room = max(2, terminal.height - 1)
    if lines.count > room { lines = lines.prefix(room - 1) + ["… \(lines.count - room + 1) more lines"] }
    let up = height > 0 ? "\r\u{1B}[\(height)A" : ""
    // The last column stays free: some terminals break the line when it is filled.
    let rows = lines.map { $0.truncatedBesideStyles(toWidth: terminal.width - 1) + "\u{1B}[K\n" }
    write(up + rows.joined() + "\u{1B}[J")
    height = lines.count
  }
}

extension Substring {
  /// The text cut to at most `width` columns, where styles (`ESC [ … m`) take none and end with the text.
  fileprivate func truncatedBesideStyles(toWidth width: Int) -> String {
    var (kept, used, rest) = ("", 0, self)
    var isStyled = false
    while let character = rest.first {
      if rest.hasPrefix("\u{1B}["), let end = rest.firstIndex(of: "m") {
        kept += rest[...end]
        isStyled = true
        rest = rest[rest.index(after: end)...]
        continue
      }
      used += String(character).displayWidth
      if used > width { break }
      kept.append(character)
      rest.removeFirst()
    }
    return rest.isEmpty || !isStyled ? kept : kept + "\u{1B}[0m"
  }
}
