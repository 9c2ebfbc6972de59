/// What a camera wrote into a JPEG or TIFF file (Exif 2.32). The place where a picture was taken is not read.
package enum ExifReader {
  /// As much of a file as needs to be read: the tags stand at its beginning.
  package static let wantedBytes = 256 << 10

  /// The known tags by their names; empty for files without any, and for damaged ones.
  package static func tags(inBeginning bytes: [UInt8]) -> [String: String] {
    guard let block = tiffBlock(in: bytes), var reader = TIFFReader(block) else { return [:] }
    return reader.tags()
  }

  /// The file itself if it is a TIFF; the Exif segment of a JPEG.
  private static func tiffBlock(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    if bytes.starts(with: [0x49, 0x49, 42, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 42]) { return bytes[...] }
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var position = 2
    // A segment: FF, its kind, and its length in two bytes, which count themselves. Pixels begin after FF DA.
    while position + 4 <= bytes.count, bytes[position] == 0xFF, bytes[position + 1] != 0xDA {
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let content = bytes[position + 4..<end]
      if bytes[position + 1] == 0xE1, content.starts(with: Array("Exif\0\0".utf8)) { return content.dropFirst(6) }
      position = end
    }
    return nil
  }
}
