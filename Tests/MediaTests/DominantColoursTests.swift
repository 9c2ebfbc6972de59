import Media
import Testing

@Suite struct DominantColoursTests {
  private func pixels(_ colours: [([UInt8], Int)]) -> [UInt8] {
    colours.flatMap { colour, count in (0..<count).flatMap { _ in colour } }
  }

  @Test func `the largest share comes first, and shares add up`() {
    let found = DominantColours(pixels: pixels([([255, 0, 0], 25), ([0, 0, 255], 75)])).shares
    #expect(found.map(\.colour) == ["#0000ff", "#ff0000"])
    #expect(found.map(\.share) == [0.75, 0.25])
  }

  @Test func `shades of one colour are one`() {
    let found = DominantColours(pixels: pixels([([100, 100, 100], 50), ([110, 110, 110], 50)])).shares
    #expect(found.map(\.colour) == ["#696969"])
    #expect(found.map(\.share) == [1])
  }

  @Test func `specks are left out, and nothing has no colour`() {
    #expect(DominantColours(pixels: pixels([([0, 0, 0], 99), ([255, 255, 255], 1)])).shares.count == 1)
    #expect(DominantColours(pixels: []).shares.isEmpty)
  }
}
