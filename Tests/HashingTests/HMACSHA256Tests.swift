import Hashing
import Testing

/// Vectors: RFC 4231, section 4.
@Suite struct HMACSHA256Tests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    let key: [UInt8]
    let message: [UInt8]
    let code: String
    var testDescription: String { name }
  }

  static let vectors = [
    Vector(
      name: "test case 1", key: [UInt8](repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
      code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      name: "test case 2", key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      name: "test case 3", key: [UInt8](repeating: 0xaa, count: 20), message: [UInt8](repeating: 0xdd, count: 50),
      code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      name: "test case 4", key: Array(1...25), message: [UInt8](repeating: 0xcd, count: 50),
      code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Vector(
      name: "test case 6, a key longer than a block", key: [UInt8](repeating: 0xaa, count: 131),
      message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
  ]

  @Test(arguments: vectors)
  func `the published vectors hold`(vector: Vector) throws {
    let code = try #require(SHA256Digest(vector.code))
    #expect(HMACSHA256.code(for: vector.message, key: vector.key) == code)
    #expect(HMACSHA256.isValid(code, for: vector.message, key: vector.key))
    #expect(!HMACSHA256.isValid(code, for: vector.message + [0], key: vector.key))
    #expect(!HMACSHA256.isValid(code, for: vector.message, key: vector.key + [1]))
  }

  @Test func `an empty key and an empty message have a code`() {
    #expect(
      HMACSHA256.code(for: [], key: []).description
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }
}
