extension UUID: LosslessStringConvertible {
  /// Where the dashes stand in the text form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
  private static let dashes: Set<Int> = [8, 13, 18, 23]
  private static let textLength = 36

  /// Reads the canonical text form, strictly: 36 characters, lower-case hexadecimal, dashes in their places; nil if it
  /// is anything else. One identifier has one spelling, so texts can be compared as keys.
  package init?(_ text: String) {
    let characters = text.utf8
    guard characters.count == Self.textLength else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (position, character) in characters.enumerated() {
      if Self.dashes.contains(position) {
        guard character == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.digit(of: character) else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | digit
    }
    self.init(high: high, low: low)
  }

  /// The canonical text form, lower-case.
  package var description: String {
    String(unsafeUninitializedCapacity: Self.textLength) { buffer in
      var position = 0
      for index in 0..<16 {
        if Self.dashes.contains(position) {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let byte = byte(at: index)
        buffer[position] = Self.character(of: byte >> 4)
        buffer[position + 1] = Self.character(of: byte & 0xF)
        position += 2
      }
      return position
    }
  }

  private static func digit(of character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
    default: nil
    }
  }

  private static func character(of digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
