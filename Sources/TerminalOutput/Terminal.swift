internal import Glibc

/// What a command may do with the descriptor that it prints to.
package struct Terminal: Sendable, Equatable {
  /// Whether a person watches: lines may be overwritten.
  package let isTerminal: Bool
  /// Columns; for what is no terminal, a width that suits prose.
  package let width: Int
  /// Lines; 24 where that is not known.
  package let height: Int
  /// Whether text may be styled.
  package let usesColor: Bool

  /// A terminal with given properties, for tests and for output that is kept.
  package init(isTerminal: Bool, width: Int, height: Int = 24, usesColor: Bool) {
    self.isTerminal = isTerminal
    self.width = width
    self.height = height
    self.usesColor = usesColor
  }

  /// The terminal behind `descriptor`, if there is one.
  ///
  /// - Parameter environment: `NO_COLOR` (not empty, no-color.org), `TERM=dumb` and `COLUMNS` are heeded.
  package init(descriptor: Int32, color: ColorPolicy = .automatic, environment: [String: String]) {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    let hasSize = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    self.init(
      isTerminal: isTerminal && environment["TERM"] != "dumb", width: columns ?? (hasSize ? Int(size.ws_col) : 80),
      height: hasSize && size.ws_row > 0 ? Int(size.ws_row) : 24,
      usesColor: color.allows(isTerminal: isTerminal, environment: environment))
  }

  /// The text in a style, if the terminal takes colours.
  package func styled(_ text: String, _ style: Style) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// How text stands out.
  package enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
  }
}
