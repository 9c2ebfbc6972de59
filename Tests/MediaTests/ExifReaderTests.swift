import Media
import TestSupport
import Testing

@Suite struct ExifReaderTests {
  @Test(arguments: [true, false])
  func `what the camera wrote is read in either order of bytes`(isLittleEndian: Bool) {
    let tags = ExifReader.tags(inBeginning: jpeg(with: tiff(isLittleEndian: isLittleEndian)))
    #expect(tags == ["Make": "Reelcam", "Orientation": "6", "ExposureTime": "1/250"])
  }

  @Test func `a TIFF carries them without a cover`() {
    #expect(ExifReader.tags(inBeginning: tiff(isLittleEndian: true))["Make"] == "Reelcam")
  }

  @Test func `files without tags have none`() {
    #expect(ExifReader.tags(inBeginning: []).isEmpty)
    #expect(ExifReader.tags(inBeginning: Array("not a picture at all".utf8)).isEmpty)
    #expect(ExifReader.tags(inBeginning: [0xFF, 0xD8, 0xFF, 0xDA]).isEmpty)
  }

  @Test(arguments: 0..<300)
  func `damage is survived`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = jpeg(with: tiff(isLittleEndian: seed % 2 == 0))
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      bytes[Int.random(in: 12..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    let cut = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    #expect(ExifReader.tags(inBeginning: bytes).count <= 14, "seed \(seed)")
    #expect(ExifReader.tags(inBeginning: cut).count <= 14, "seed \(seed)")
  }

  private func jpeg(with tiff: [UInt8]) -> [UInt8] {
    let content = Array("Exif\0\0".utf8) + tiff
    let length = content.count + 2
    return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + content
      + [0xFF, 0xDA, 0, 2]
  }

  /// A TIFF with a maker, an orientation, and a second directory with an exposure of 4/1000 s.
  private func tiff(isLittleEndian: Bool) -> [UInt8] {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      let big = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
      return isLittleEndian ? big.reversed() : big
    }
    func entry(_ tag: Int, _ kind: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
      bytes(tag, 2) + bytes(kind, 2) + bytes(count, 4) + value
    }
    let maker = Array("Reelcam\0".utf8)
    let afterMain = 8 + 2 + 3 * 12 + 4
    let second = afterMain + maker.count
    let ratio = second + 2 + 12 + 4
    var file: [UInt8] = isLittleEndian ? [0x49, 0x49, 42, 0] : [0x4D, 0x4D, 0, 42]
    file += bytes(8, 4) + bytes(3, 2)
    file += entry(0x010F, 2, maker.count, bytes(afterMain, 4))
    file += entry(0x0112, 3, 1, bytes(6, 2) + [0, 0])
    file += entry(0x8769, 4, 1, bytes(second, 4)) + bytes(0, 4) + maker
    file += bytes(1, 2) + entry(0x829A, 5, 1, bytes(ratio, 4)) + bytes(0, 4)
    return file + bytes(4, 4) + bytes(1000, 4)
  }
}
