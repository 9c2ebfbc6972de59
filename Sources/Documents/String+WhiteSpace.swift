extension StringProtocol {
  /// The text in one line: runs of white space (no-break spaces included) become one space, none at the ends; soft
  /// hyphens, zero-width spaces and byte order marks, which only hide words from a search, are dropped.
  func collapsingWhiteSpace() -> String {
    var result = ""
    result.reserveCapacity(utf8.count)
    var pendingSpace = false
    for scalar in unicodeScalars {
      if scalar.isBlank {
        pendingSpace = !result.isEmpty
      } else if scalar != "\u{AD}" && scalar != "\u{200B}" && scalar != "\u{FEFF}" {
        if pendingSpace { result.unicodeScalars.append(" ") }
        pendingSpace = false
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// White space of any kind, with the common case decided without a table.
  var isBlank: Bool {
    value < 0x80 ? value == 0x20 || (value >= 0x09 && value <= 0x0D) : properties.isWhitespace
  }
}
