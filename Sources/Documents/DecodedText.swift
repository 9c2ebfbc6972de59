/// Bytes that have become text: valid Unicode, lines ended by a line feed alone, no control characters but tab and
/// line feed — so that no NUL byte reaches a database.
package struct DecodedText: Hashable, Sendable {
  package let text: String
  package let charset: Charset
  /// How many U+FFFD stand for what could not be decoded.
  package let replacements: Int
  /// How many control characters were taken out.
  package let removedControls: Int

  package var isLossy: Bool { replacements > 0 || removedControls > 0 }

  /// The most bytes that are read unless told otherwise: 32 MiB.
  package static let defaultLimit = 32 << 20

  /// Decodes text of an unknown charset.
  ///
  /// What decides, in this order: a byte order mark; the zeros of UTF-16; strict UTF-8; the declared label; and for
  /// the rest, what the bytes look like. UTF-8 goes before the label because text that happens to be valid UTF-8 is
  /// UTF-8, while labels are often wrong.
  ///
  /// - Parameter declaredLabel: the name of the charset from a `Content-Type` or `<meta>`, if there is one.
  /// - Throws: `tooLarge` for more than `limit` bytes; `unsupportedCharset` when only a label could tell, and it
  ///   names a charset that is not known here.
  package init(
    _ bytes: [UInt8], declaredLabel: String? = nil, limit: Int = DecodedText.defaultLimit
  ) throws(DocumentError) {
    guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count, limit: limit) }
    if let mark = Charset.byteOrderMark(of: bytes) {
      self.init(bytes.dropFirst(mark.length), as: mark.charset)
    } else if let charset = Charset.utf16ByZeros(in: bytes) {
      self.init(bytes[...], as: charset)
    } else if String(validating: bytes, as: UTF8.self) != nil {
      self.init(bytes[...], as: .utf8)
    } else if let declaredLabel {
      guard let charset = Charset(label: declaredLabel) else { throw .unsupportedCharset(label: declaredLabel) }
      self.init(bytes[...], as: charset)
    } else {
      self.init(bytes[...], as: Charset.ofInvalidUTF8(bytes))
    }
  }

  private init(_ bytes: ArraySlice<UInt8>, as charset: Charset) {
    self.charset = charset
    var decoded: String
    switch charset {
    case .utf8:
      decoded = String(decoding: bytes, as: UTF8.self)
      replacements = decoded.replacementCharacters - bytes.occurrences(of: [0xEF, 0xBF, 0xBD])
    case .utf16LittleEndian, .utf16BigEndian:
      let units = Self.codeUnits(of: bytes, bigEndian: charset == .utf16BigEndian)
      decoded = String(decoding: units, as: UTF16.self)
      replacements = decoded.replacementCharacters - units.count { $0 == 0xFFFD }
    case .windows1252, .latin9:
      decoded = ""
      decoded.unicodeScalars.append(contentsOf: bytes.lazy.map { charset.scalar(of: $0) })
      replacements = 0
    }
    (text, removedControls) = decoded.withoutControls()
  }

  /// The 16-bit units of UTF-16; half a unit at the end becomes U+D800, which no decoder accepts, so it is counted.
  private static func codeUnits(of bytes: ArraySlice<UInt8>, bigEndian: Bool) -> [UInt16] {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2 + 1)
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(bigEndian ? first << 8 | second : second << 8 | first)
      index += 2
    }
    if index < bytes.endIndex { units.append(0xD800) }
    return units
  }
}

extension String {
  fileprivate var replacementCharacters: Int { unicodeScalars.count { $0 == "\u{FFFD}" } }

  /// The text with all line endings (CR LF, CR, NEL, form feed, vertical tab) as line feeds and without the other
  /// control characters, C0, DEL and C1; and how many of those there were.
  fileprivate func withoutControls() -> (text: String, removed: Int) {
    var result = ""
    result.reserveCapacity(utf8.count)
    var removed = 0
    var afterReturn = false
    for scalar in unicodeScalars {
      defer { afterReturn = scalar == "\r" }
      switch scalar.value {
      case 0x0A where afterReturn: break
      case 0x0A, 0x0B, 0x0C, 0x0D, 0x85: result.unicodeScalars.append("\n")
      case 0x00..<0x09, 0x0E..<0x20, 0x7F..<0xA0: removed += 1
      default: result.unicodeScalars.append(scalar)
      }
    }
    return (result, removed)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func occurrences(of pattern: [UInt8]) -> Int {
    var count = 0
    var index = startIndex
    while index + pattern.count <= endIndex {
      if self[index] == pattern[0], self[index..<index + pattern.count].elementsEqual(pattern) { count += 1 }
      index += 1
    }
    return count
  }
}
