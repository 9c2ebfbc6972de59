import Media
import TestSupport
import Testing

@Suite struct PerceptualHashTests {
  private static let count = PerceptualHash.width * PerceptualHash.height

  @Test func `only a picture of the right size has a hash`() {
    #expect(PerceptualHash(grey: [UInt8](repeating: 0, count: Self.count - 1)) == nil)
    #expect(PerceptualHash(grey: [UInt8](repeating: 0, count: Self.count))?.distance(to: plain) == 0)
  }

  @Test(arguments: 0..<20)
  func `noise on a plain ground does not change the hash`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let grey = (0..<Self.count).map { _ in UInt8(100 + Int.random(in: 0...2, using: &random)) }
    #expect(try #require(PerceptualHash(grey: grey)).distance(to: plain) == 0, "seed \(seed)")
  }

  @Test func `a line of text on a slide changes it`() throws {
    var grey = [UInt8](repeating: 40, count: Self.count)
    for column in stride(from: 4, to: 14, by: 2) { grey[3 * PerceptualHash.width + column] = 90 }
    #expect(try #require(PerceptualHash(grey: grey)).distance(to: plain) == 5)
  }

  @Test(arguments: 0..<20)
  func `two random pictures are far apart, and the distance is the same both ways`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hashes = try (0..<2).map { _ in
      try #require(
        PerceptualHash(grey: (0..<Self.count).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }
    #expect(hashes[0].distance(to: hashes[1]) > 64, "seed \(seed)")
    #expect(hashes[0].distance(to: hashes[1]) == hashes[1].distance(to: hashes[0]))
    #expect(hashes[0].description.count == 64)
  }

  private var plain: PerceptualHash {
    // Proof: the picture has the right size.
    PerceptualHash(grey: [UInt8](repeating: 100, count: Self.count))!
  }
}
