extension SHA256Digest: LosslessStringConvertible {
  /// 64 lower-case hexadecimal digits.
  package var description: String { hexadecimal(bytes) }

  /// Appends what ``description`` says, as ASCII.
  package func appendHexadecimal(to text: inout [UInt8]) {
    let digits: StaticString = "0123456789abcdef"
    for byte in bytes {
      text.append(digits.utf8Start[Int(byte >> 4)])
      text.append(digits.utf8Start[Int(byte & 15)])
    }
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else, so that a digest has one spelling only.
  package init?(_ description: String) {
    guard description.utf8.count == 2 * Self.byteCount else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    var high: UInt8?
    for character in description.utf8 {
      guard let digit = lowercaseHexadecimalDigit(character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    self.init(bytes: bytes)
  }
}

/// Two lower-case hexadecimal digits a byte.
package func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  let digits: StaticString = "0123456789abcdef"
  let count = 2 * bytes.count
  return String(unsafeUninitializedCapacity: count) { buffer in
    var index = 0
    for byte in bytes {
      buffer[index] = digits.utf8Start[Int(byte >> 4)]
      buffer[index + 1] = digits.utf8Start[Int(byte & 15)]
      index += 2
    }
    return index
  }
}

private func lowercaseHexadecimalDigit(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  default: nil
  }
}
