import Hashing
import TestSupport
import Testing

/// Vectors: NIST FIPS 180-4 examples and the NESSIE set.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `the published vectors hold`(text: String, expected: String) {
    #expect(SHA256Digest(hashing: text).description == expected)
  }

  @Test func `a million letters hash to the published value`() {
    var hash = SHA256()
    let chunk = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000)
    for _ in 0..<100 { hash.update(chunk) }
    #expect(
      hash.finalize().description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `how bytes are cut into updates does not matter`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bytes = (0..<Int.random(in: 0...5000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    var hash = SHA256()
    var rest = bytes[...]
    while !rest.isEmpty {
      let cut = Int.random(in: 0...min(rest.count, 300), using: &random)
      hash.update(rest.prefix(cut))
      rest = rest.dropFirst(cut)
    }
    #expect(hash.finalize() == SHA256Digest(hashing: bytes))
  }

  @Test func `bytes that are not in one piece hash like those that are`() {
    let pieces: [[UInt8]] = [[1, 2, 3], [], [4], [5, 6]]
    #expect(SHA256Digest(hashing: pieces.joined().lazy.map { $0 }) == SHA256Digest(hashing: [1, 2, 3, 4, 5, 6]))
  }

  @Test func `a hash that is given up halfway is no error`() {
    var hash = SHA256()
    hash.update([1, 2, 3])
  }
}
