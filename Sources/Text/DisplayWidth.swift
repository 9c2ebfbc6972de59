extension String {
  /// The columns that the text takes on a terminal with a monospaced font.
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// The text cut to at most `width` columns, the last of them an ellipsis if something was cut.
  package func truncated(toWidth width: Int) -> String {
    if displayWidth <= width { return self }
    var used = 0
    let kept = prefix { character in
      used += character.displayWidth
      return used < width
    }
    return width > 0 ? kept + "…" : ""
  }

  /// The text with spaces after it (or before it) up to `width` columns.
  package func padded(toWidth width: Int, atStart: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - displayWidth))
    return atStart ? padding + self : self + padding
  }
}

extension Character {
  /// 0 for what only modifies or controls, 2 for East Asian wide letters and emoji, otherwise 1.
  fileprivate var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return first.value < 0x20 || first.value == 0x7F ? 0 : 1 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    let isShownAsEmoji =
      first.properties.isEmojiPresentation || unicodeScalars.contains { $0.value == 0xFE0F } && first.properties.isEmoji
    return isShownAsEmoji || first.isWide ? 2 : 1
  }
}

extension Unicode.Scalar {
  /// East Asian Width W or F in Unicode's EastAsianWidth.txt, without emoji and by blocks.
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
