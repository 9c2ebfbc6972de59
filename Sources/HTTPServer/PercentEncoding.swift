/// The text that percent-encoding stands for (RFC 3986, section 2.1); nil if a percent sign is not followed by two
/// hexadecimal digits, or if what comes out is no UTF-8 or has control characters.
///
/// - Parameter plusIsSpace: as in the queries that forms make.
func percentDecoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
  let encoded = text.utf8
  var bytes: [UInt8] = []
  bytes.reserveCapacity(encoded.count)
  var rest = encoded[...]
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: "%"):
      guard let high = rest.popFirst().flatMap(hexadecimalValue), let low = rest.popFirst().flatMap(hexadecimalValue)
      else { return nil }
      bytes.append(high << 4 | low)
    case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
    default: bytes.append(byte)
    }
  }
  guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}

private func hexadecimalValue(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
  default: nil
  }
}
