/// The 32 bytes of a SHA-256, without a heap allocation.
///
/// Ordered as its bytes are, which is the order of its hexadecimal text too.
package struct SHA256Digest: Hashable, Sendable {
  /// The size of a digest in bytes.
  package static let byteCount = 32

  /// The bytes as big-endian words, so that comparing words in order compares bytes in order.
  private var word0: UInt64
  private var word1: UInt64
  private var word2: UInt64
  private var word3: UInt64

  /// Takes over 32 bytes that are a digest already.
  ///
  /// - Returns: nil if there are not exactly 32.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    word0 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    word1 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    word2 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    word3 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
  }

  /// Takes over 32 bytes that are a digest already.
  ///
  /// - Returns: nil if there are not exactly 32.
  package init?(bytes: [UInt8]) {
    guard let digest = bytes.withUnsafeBytes({ SHA256Digest(bytes: $0) }) else { return nil }
    self = digest
  }

  /// Lets libcrypto write a digest.
  init(filledBy body: (UnsafeMutablePointer<UInt8>) -> Void) {
    var words = InlineArray<4, UInt64>(repeating: 0)
    var mutableSpan = words.mutableSpan
    mutableSpan.withUnsafeMutableBufferPointer { buffer in
      // Proof: the array has four elements, so its buffer has an address.
      let base = UnsafeMutableRawPointer(buffer.baseAddress!)
      body(base.assumingMemoryBound(to: UInt8.self))
    }
    word0 = UInt64(bigEndian: words[0])
    word1 = UInt64(bigEndian: words[1])
    word2 = UInt64(bigEndian: words[2])
    word3 = UInt64(bigEndian: words[3])
  }

  /// The 32 bytes in order.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      raw.storeBytes(of: word0.bigEndian, toByteOffset: 0, as: UInt64.self)
      raw.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
      raw.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
      raw.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
      count = Self.byteCount
    }
  }

  /// Whether two digests are equal, in a time that does not tell where they differ: use it for secrets.
  package func isEqualInConstantTime(to other: SHA256Digest) -> Bool {
    (word0 ^ other.word0) | (word1 ^ other.word1) | (word2 ^ other.word2) | (word3 ^ other.word3) == 0
  }
}

extension SHA256Digest: Comparable {
  package static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
    (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
  }
}
