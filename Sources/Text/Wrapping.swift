extension String {
  /// The text in lines of at most `width` columns, broken at spaces; lines that begin with a space stay as they are,
  /// and so does a word that is wider than a line.
  package func wrapped(toWidth width: Int) -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
      if paragraph.isEmpty || paragraph.hasPrefix(" ") { return [String(paragraph)] }
      var lines: [String] = []
      var line = ""
      var used = 0
      for word in paragraph.split(separator: " ").map(String.init) {
        let wordWidth = word.displayWidth
        if !line.isEmpty, used + 1 + wordWidth > width {
          lines.append(line)
          (line, used) = ("", 0)
        }
        line += line.isEmpty ? word : " " + word
        used += wordWidth + (used == 0 ? 0 : 1)
      }
      lines.append(line)
      return lines
    }
  }
}

extension Substring {
  /// The text without the spaces and tabs around it.
  package var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(rest)
  }
}
