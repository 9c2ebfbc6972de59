/// Questions about a byte read as ASCII. UTF-8 keeps every byte below 80 for ASCII, so they are safe inside it.
extension UInt8 {
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  /// Tab, line feed, form feed, carriage return, space.
  var isWhiteSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
  var isPunctuation: Bool {
    (self >= 0x21 && self <= 0x7E) && !isDigit && !isLetter
  }
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  /// The value of a hexadecimal digit.
  var hexadecimalValue: UInt32? {
    if isDigit { return UInt32(self - 0x30) }
    let lower = lowercased
    return lower >= 0x61 && lower <= 0x66 ? UInt32(lower - 0x61 + 10) : nil
  }
}
