/// A universally unique identifier (RFC 9562): 128 bits, ordered as its bytes and its text are.
package struct UUID: Hashable, Sendable {
  /// The first eight bytes, most significant first.
  package let high: UInt64
  /// The last eight bytes, most significant first.
  package let low: UInt64

  /// Makes an identifier of these bits, whatever version they say.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an identifier of 16 bytes in network order; nil if there are more or fewer.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for byte in bytes {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
    self.init(high: high, low: low)
  }

  /// The 16 bytes in network order.
  package var bytes: [UInt8] { (0..<16).map { byte(at: $0) } }

  /// The version field (RFC 9562, 4.2): 7 for time-ordered identifiers.
  package var version: Int { Int(high >> 12 & 0xF) }

  /// The byte at a position from 0 to 15.
  func byte(at position: Int) -> UInt8 {
    let half = position < 8 ? high : low
    return UInt8(truncatingIfNeeded: half >> UInt64((7 - position % 8) * 8))
  }
}
