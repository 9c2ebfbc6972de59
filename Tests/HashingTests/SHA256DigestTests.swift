import Hashing
import TestSupport
import Testing

@Suite struct SHA256DigestTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  func `text and bytes round-trip, and the order is that of both`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let first = SHA256Digest(hashing: "\(random.next())")
    let second = SHA256Digest(hashing: "\(random.next())")
    #expect(SHA256Digest(first.description) == first)
    #expect(SHA256Digest(bytes: first.bytes) == first)
    #expect((first < second) == (first.description < second.description))
    #expect((first < second) == first.bytes.lexicographicallyPrecedes(second.bytes))
  }

  @Test func `the order looks at every byte`() throws {
    for position in 0..<SHA256Digest.byteCount {
      var bytes = [UInt8](repeating: 7, count: SHA256Digest.byteCount)
      let low = try #require(SHA256Digest(bytes: bytes))
      bytes[position] = 8
      let high = try #require(SHA256Digest(bytes: bytes))
      #expect(low < high)
      #expect(low != high)
      #expect(!low.isEqualInConstantTime(to: high))
    }
  }

  @Test(arguments: [
    "", "ba78",
    "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    " a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015é",
  ])
  func `only 64 lower-case digits are read`(text: String) {
    #expect(SHA256Digest(text) == nil)
  }

  @Test(arguments: [0, 31, 33])
  func `only 32 bytes are taken over`(count: Int) {
    #expect(SHA256Digest(bytes: [UInt8](repeating: 1, count: count)) == nil)
  }

  @Test func `comparison in constant time agrees with equality`() {
    #expect(isEqualInConstantTime("secret".utf8, "secret".utf8))
    #expect(!isEqualInConstantTime("secret".utf8, "secreT".utf8))
    #expect(!isEqualInConstantTime("secret".utf8, "secret ".utf8))
    #expect(isEqualInConstantTime([], [UInt8]()))
    let digest = SHA256Digest(hashing: "x")
    #expect(digest.isEqualInConstantTime(to: SHA256Digest(hashing: "x")))
  }
}
