internal import Text

/// Rows in aligned columns.
///
/// What does not fit the width is cut in the columns that may be cut, the widest first; control characters never reach
/// the terminal.
package struct Table: Sendable {
  /// The title, the alignment and what happens when there is no room.
  package struct Column: Sendable {
    /// Left for words, right for numbers.
    package enum Alignment: Sendable { case left, right }

    let title: String
    let alignment: Alignment
    /// The columns it keeps at least when others need room, or nil if it is never cut.
    let narrowest: Int?

    /// - Parameter narrowest: the width down to which the column may be cut; nil, the default, means never.
    package init(_ title: String, _ alignment: Alignment = .left, narrowest: Int? = nil) {
      self.title = title
      self.alignment = alignment
      self.narrowest = narrowest
    }
  }

  private struct Cell {
    let text: String
    let style: Terminal.Style?
  }

  private static let gap = 2
  private let columns: [Column]
  private var rows: [[Cell]] = []

  /// A table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; a missing text is empty.
  ///
  /// - Parameter style: how the whole row stands out.
  package mutating func append(_ texts: [String], style: Terminal.Style? = nil) {
    precondition(texts.count <= columns.count, "a row has more texts than the table has columns")
    let padding = Array(repeating: "", count: columns.count - texts.count)
    rows.append((texts + padding).map { Cell(text: $0.printable(), style: style) })
  }

  /// The table's lines, each ended by a line feed. What is no terminal gets every text whole.
  package func rendered(for terminal: Terminal) -> String {
    let header = columns.map { Cell(text: $0.title, style: .bold) }
    let widths = widths(within: terminal.isTerminal ? terminal.width : .max)
    return ([header] + rows).map { line($0, widths, terminal) + "\n" }.joined()
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
    var line = ""
    // Padding waits until something follows it, so that no line ends in spaces.
    var pending = 0
    for (index, cell) in cells.enumerated() {
      let text = cell.text.truncated(toWidth: widths[index])
      let padding = widths[index] - text.displayWidth
      let isRight = columns[index].alignment == .right
      if isRight { pending += padding }
      if !text.isEmpty {
        line += String(repeating: " ", count: pending) + (cell.style.map { terminal.styled(text, $0) } ?? text)
        pending = 0
      }
      pending += Self.gap + (isRight ? 0 : padding)
    }
    return line
  }

  private func widths(within total: Int) -> [Int] {
    var widths = columns.indices.map { index in
      max(columns[index].title.displayWidth, rows.map { $0[index].text.displayWidth }.max() ?? 0)
    }
    var excess = widths.reduce(Self.gap * (columns.count - 1), +) - total
    while excess > 0 {
      let shrinkable = columns.indices.filter { index in columns[index].narrowest.map { widths[index] > $0 } ?? false }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
