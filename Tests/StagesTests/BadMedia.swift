import FoundationEssentials

extension Workshop {
  /// A film of a test picture and a tone.
  func film(_ name: String, seconds: Int) async throws -> String {
    let isFast = name.hasSuffix(".mp4") ? ["-movflags", "+faststart"] : []
    return try await make(
      name,
      ["-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=\(seconds)", "-f", "lavfi", "-i", "sine=d=\(seconds)"]
        + ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"] + isFast)
  }
}

extension Data {
  /// An MP4 whose headers claim that it lasts a day; nil if it has no such headers.
  func claimingOneDay() -> Data? {
    var result = self
    // In version 0 of both boxes: type, version and flags, two dates, … `mvhd` and `mdhd` go on with time scale and
    // duration, `tkhd` with track, reserved and duration (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2).
    guard let header = firstRange(of: Data("mvhd".utf8)) else { return nil }
    let scale = header.upperBound + 12
    let unitsPerSecond = result[scale..<scale + 4].reduce(0) { $0 << 8 | Int($1) }
    result.write(86_400 * unitsPerSecond, at: scale + 4)
    var rest = result.startIndex..<result.endIndex
    while let track = result.range(of: Data("tkhd".utf8), in: rest) {
      result.write(86_400 * unitsPerSecond, at: track.upperBound + 20)
      rest = track.upperBound..<result.endIndex
    }
    return result
  }

  private mutating func write(_ number: Int, at offset: Int) {
    for position in 0..<4 { self[offset + position] = UInt8(truncatingIfNeeded: number >> (24 - 8 * position)) }
  }

  private func range(of pattern: Data, in range: Range<Int>) -> Range<Int>? {
    self[range].firstRange(of: pattern)
  }
}

/// The beginning of a PNG file (PNG, section 5): signature, IHDR, and an IDAT with nothing that fits it.
func pngHeader(width: UInt32, height: UInt32) -> [UInt8] {
  func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
  func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bytes(UInt32(content.count)) + body + bytes(crc(of: body))
  }
  let header = bytes(width) + bytes(height) + [8, 2, 0, 0, 0]
  return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + chunk("IHDR", header)
    + chunk("IDAT", [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1])
    + chunk("IEND", [])
}

/// The CRC-32 of PNG.
private func crc(of bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
}
