/// The encodings that text is read in.
package enum Charset: String, Hashable, Sendable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  /// Also what ISO-8859-1 and US-ASCII mean on the web (WHATWG Encoding, §4.2).
  case windows1252 = "windows-1252"
  /// Latin-9: Latin-1 with the euro sign and the letters that French and Finnish missed.
  case latin9 = "ISO-8859-15"

  /// The charset that a label names, as in a `Content-Type` or a `<meta>`; `nil` for one that is not known here.
  package init?(label: String) {
    switch label.lowercased() {
    case "utf-8", "utf8", "unicode-1-1-utf-8": self = .utf8
    case "utf-16", "utf-16le", "unicode", "ucs-2": self = .utf16LittleEndian
    case "utf-16be": self = .utf16BigEndian
    case "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii":
      self = .windows1252
    case "iso-8859-15", "iso8859-15", "latin-9", "latin9", "l9": self = .latin9
    default: return nil
    }
  }

  /// The scalar of one byte in a single-byte charset.
  func scalar(of byte: UInt8) -> Unicode.Scalar {
    switch (self, byte) {
    case (.windows1252, 0x80...0x9F): Self.windows1252Specials[Int(byte - 0x80)]
    case (.latin9, 0xA4): "€"
    case (.latin9, 0xA6): "Š"
    case (.latin9, 0xA8): "š"
    case (.latin9, 0xB4): "Ž"
    case (.latin9, 0xB8): "ž"
    case (.latin9, 0xBC): "Œ"
    case (.latin9, 0xBD): "œ"
    case (.latin9, 0xBE): "Ÿ"
    default: Unicode.Scalar(byte)
    }
  }

  /// Bytes 80–9F of windows-1252 (WHATWG index-windows-1252); the five that it leaves open are C1 controls.
  static let windows1252Specials: [Unicode.Scalar] = [
    "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}",
    "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
  ]
}
