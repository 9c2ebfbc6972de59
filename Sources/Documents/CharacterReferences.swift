/// Decodes `&amp;`, `&#8217;` and `&#x2019;` by the rules of HTML (§13.2.5.72 and following).
enum CharacterReferences {
  /// The text with its references decoded.
  static func decoded(_ markup: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(markup.count)
    var index = 0
    while index < markup.count { index = append(markup, at: index, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the byte at `index`, or the character that the reference there stands for. Returns where to go on.
  static func append(_ markup: [UInt8], at index: Int, to text: inout [UInt8]) -> Int {
    guard markup[index] == UInt8(ascii: "&"), let reference = reference(in: markup, at: index) else {
      text.append(markup[index])
      return index + 1
    }
    text.append(contentsOf: String(reference.scalar).utf8)
    return reference.end
  }

  /// The reference at an ampersand, if there is one.
  private static func reference(in markup: [UInt8], at index: Int) -> (scalar: Unicode.Scalar, end: Int)? {
    let next = index + 1
    guard next < markup.count else { return nil }
    return markup[next] == UInt8(ascii: "#") ? numeric(in: markup, at: next + 1) : named(in: markup, at: next)
  }

  private static func named(in markup: [UInt8], at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
    let name = markup[start...].prefix(CharacterNames.longest).prefix { $0.isLetter || $0.isDigit }
    if name.endIndex < markup.count, markup[name.endIndex] == UInt8(ascii: ";"),
      let scalar = CharacterNames.all[String(decoding: name, as: UTF8.self)].flatMap(Unicode.Scalar.init)
    {
      return (scalar, name.endIndex + 1)
    }
    for length in stride(from: name.count, to: 1, by: -1) {
      let prefix = String(decoding: name.prefix(length), as: UTF8.self)
      if let scalar = CharacterNames.unterminated[prefix].flatMap(Unicode.Scalar.init) {
        return (scalar, start + length)
      }
    }
    return nil
  }

  private static func numeric(in markup: [UInt8], at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
    let isHexadecimal = start < markup.count && markup[start].lowercased == UInt8(ascii: "x")
    var index = isHexadecimal ? start + 1 : start
    let first = index
    var value: UInt32 = 0
    while index < markup.count, let digit = markup[index].hexadecimalValue, isHexadecimal || digit < 10 {
      // A value out of range stays out of range, however many digits follow.
      value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
      index += 1
    }
    guard index > first else { return nil }
    if index < markup.count, markup[index] == UInt8(ascii: ";") { index += 1 }
    return (scalar(of: value), index)
  }

  /// Controls become what a database takes: bytes of windows-1252 if they look like it, white space, or U+FFFD.
  private static func scalar(of value: UInt32) -> Unicode.Scalar {
    switch value {
    case 0x09, 0x0A, 0x0D: Unicode.Scalar(UInt8(value))
    case 0x00..<0x20, 0x7F: "\u{FFFD}"
    case 0x80..<0xA0:
      Charset.windows1252Specials[Int(value - 0x80)].value < 0xA0
        ? "\u{FFFD}" : Charset.windows1252Specials[Int(value - 0x80)]
    default: Unicode.Scalar(value) ?? "\u{FFFD}"
    }
  }
}
