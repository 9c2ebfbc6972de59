package import Identifiers

/// The first digits of a UUID, as people copy them from a table.
package struct UUIDPrefix: Sendable, Equatable {
  /// The fewest digits that are taken for a prefix: fewer are more likely a word.
  package static let minimumDigits = 6

  /// The first UUID that has the prefix.
  package let lowest: UUID
  /// The last one.
  package let highest: UUID

  /// Reads ``minimumDigits`` to 32 hexadecimal digits of either case; hyphens among them are passed over. Nil for
  /// anything else.
  package init?(_ text: String) {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
    guard (Self.minimumDigits...32).contains(digits.count) else { return nil }
    var values: [UInt8] = []
    for digit in digits {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
      values.append(UInt8(value))
    }
    func uuid(filledWith filler: UInt8) -> UUID? {
      let all = values + Array(repeating: filler, count: 32 - values.count)
      return UUID(bytes: stride(from: 0, to: 32, by: 2).map { all[$0] << 4 | all[$0 + 1] })
    }
    guard let lowest = uuid(filledWith: 0x0), let highest = uuid(filledWith: 0xF) else { return nil }
    self.lowest = lowest
    self.highest = highest
  }
}
