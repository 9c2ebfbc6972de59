extension Charset {
  /// The charset that a byte order mark announces, and how many bytes the mark takes.
  static func byteOrderMark(of bytes: [UInt8]) -> (charset: Charset, length: Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return nil
  }

  /// UTF-16 without a mark betrays itself: of each pair, one and the same byte is often zero.
  static func utf16ByZeros(in bytes: [UInt8]) -> Charset? {
    let sample = bytes.prefix(4096)
    guard sample.count >= 4 else { return nil }
    var even = 0
    var odd = 0
    for (index, byte) in sample.enumerated() where byte == 0 {
      if index.isMultiple(of: 2) { even += 1 } else { odd += 1 }
    }
    let enough = max(2, sample.count / 10)
    if odd >= enough, even <= odd / 10 { return .utf16LittleEndian }
    if even >= enough, odd <= even / 10 { return .utf16BigEndian }
    return nil
  }

  /// The charset of bytes that are not valid UTF-8 and declare nothing.
  ///
  /// Damaged UTF-8 (cut in the middle of a character, a few foreign bytes) is still UTF-8: that many well-formed
  /// multi-byte sequences do not come about by chance.
  static func ofInvalidUTF8(_ bytes: [UInt8]) -> Charset {
    let (sequences, strays) = multiByteCounts(bytes)
    if sequences > strays || (sequences > 0 && strays == 1) { return .utf8 }
    return looksLikeLatin9(bytes) ? .latin9 : .windows1252
  }

  /// How many well-formed multi-byte sequences there are, and how many bytes above 7F belong to none.
  private static func multiByteCounts(_ bytes: [UInt8]) -> (sequences: Int, strays: Int) {
    var sequences = 0
    var strays = 0
    var index = 0
    while index < bytes.count {
      let length =
        switch bytes[index] {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
      let end = index + length
      if length > 1, end <= bytes.count, bytes[index + 1..<end].allSatisfy({ $0 & 0xC0 == 0x80 }) {
        sequences += 1
        index = end
      } else {
        if length != 1 { strays += 1 }
        index += 1
      }
    }
    return (sequences, strays)
  }

  /// Latin-9 uses nothing in 80–9F, and its letters stand beside letters where windows-1252 has signs and fractions.
  private static func looksLikeLatin9(_ bytes: [UInt8]) -> Bool {
    var evidence = false
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x80...0x9F: return false
      case 0xA4: evidence = true
      case 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE:
        let before = index > 0 && bytes[index - 1].isLetter
        let after = index + 1 < bytes.count && bytes[index + 1].isLetter
        evidence = evidence || (before && after)
      default: break
      }
    }
    return evidence
  }

  /// The label that the head of an HTML page declares in a `<meta>` (looked for in the first 1024 bytes, as the HTML
  /// standard does), or an XML declaration in its `encoding`.
  package static func label(declaredInHTML bytes: [UInt8]) -> String? {
    let head = bytes.prefix(1024).map(\.lowercased)
    for key in ["charset", "encoding"] {
      guard var index = head.firstRange(of: Array(key.utf8))?.upperBound else { continue }
      while index < head.count, head[index].isWhiteSpace { index += 1 }
      guard index < head.count, head[index] == UInt8(ascii: "=") else { continue }
      let value = head[(index + 1)...]
        .drop { $0.isWhiteSpace || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        .prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
      if !value.isEmpty, value.count <= 40 { return String(decoding: value, as: UTF8.self) }
    }
    return nil
  }
}
