import Media
import Testing

@Suite struct KeyFrameRulesTests {
  /// A frame whose hash has the first `bits` bits of row `row` on.
  private func frame(_ milliseconds: Int64, row: Int, bits: Int = 16) -> ExtractedFrame {
    var grey = [UInt8](repeating: 0, count: PerceptualHash.width * PerceptualHash.height)
    for column in 0..<bits { grey[row * PerceptualHash.width + column] = UInt8(240 - 10 * column) }
    // Proof: the picture has the right size.
    return ExtractedFrame(milliseconds: milliseconds, path: "\(milliseconds)", hash: PerceptualHash(grey: grey)!)
  }

  private func times(_ frames: [ExtractedFrame], _ rules: KeyFrameRules = KeyFrameRules()) -> [Int64] {
    rules.choose(among: frames).map(\.milliseconds)
  }

  @Test func `the first picture is taken, and the next that looks different`() {
    #expect(times([frame(0, row: 0), frame(1000, row: 0), frame(2000, row: 5)]) == [0, 2000])
  }

  @Test func `a new scene may follow soon, a small change only later`() {
    #expect(times([frame(0, row: 0), frame(500, row: 5)]) == [0])
    #expect(times([frame(0, row: 0), frame(2000, row: 0, bits: 8)]) == [0])
    #expect(times([frame(0, row: 0), frame(10_000, row: 0, bits: 8)]) == [0, 10_000])
  }

  @Test func `two who speak in turn are two pictures`() {
    #expect(times((0..<10).map { frame($0 * 5000, row: $0 % 2 == 0 ? 1 : 9) }) == [0, 5000])
  }

  @Test func `a picture that comes back after many others is taken again`() {
    let others = (1..<10).map { frame(Int64($0) * 5000, row: $0) }
    #expect(times([frame(0, row: 0)] + others + [frame(60_000, row: 0)]).last == 60_000)
  }

  @Test func `of too many, some of everywhere are left`() {
    let frames = (0..<100).map { frame(Int64($0) * 5000, row: $0 % 16) }
    let kept = times(frames, KeyFrameRules(count: 5))
    #expect(kept == [0, 100_000, 200_000, 300_000, 400_000])
  }
}
