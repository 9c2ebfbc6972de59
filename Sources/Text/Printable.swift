extension String {
  /// The text safe to print: control characters and those that change the direction of writing become `�`, so that
  /// no title or file name can steer a terminal or forge a line.
  ///
  /// - Parameter limit: the most characters to keep; what is cut is replaced by an ellipsis.
  package func printable(limit: Int = .max) -> String {
    let isPlain = utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    if isPlain, limit >= utf8.count { return self }
    var result = ""
    var count = 0
    for character in self {
      if count == limit { return result + "…" }
      count += 1
      if character.unicodeScalars.contains(where: \.steersOutput) {
        result.append("\u{FFFD}")
      } else {
        result.append(character)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var steersOutput: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
