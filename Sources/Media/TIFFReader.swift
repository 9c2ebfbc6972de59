/// Reads the directories of a TIFF (6.0, section 2), whose every offset may be a lie.
struct TIFFReader {
  private let bytes: [UInt8]
  private let isLittleEndian: Bool
  private var found: [String: String] = [:]

  /// What is read, from the main directory and from the one that Exif adds.
  private static let names: [UInt16: String] = [
    0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0112: "Orientation", 0x0131: "Software",
    0x0132: "DateTime", 0x013B: "Artist", 0x8298: "Copyright", 0x829A: "ExposureTime", 0x829D: "FNumber",
    0x8827: "ISOSpeedRatings", 0x9003: "DateTimeOriginal", 0x920A: "FocalLength", 0xA434: "LensModel",
  ]
  private static let exifDirectory: UInt16 = 0x8769
  private static let mostEntries = 512
  private static let longestText = 500

  /// nil if it does not begin as a TIFF does.
  init?(_ block: ArraySlice<UInt8>) {
    bytes = Array(block)
    guard let first = bytes.first, bytes.count >= 8 else { return nil }
    isLittleEndian = first == 0x49
  }

  mutating func tags() -> [String: String] {
    if let offset = long(at: 4) { readDirectory(at: offset, isMain: true) }
    return found
  }

  private mutating func readDirectory(at offset: Int, isMain: Bool) {
    guard let count = short(at: offset), count <= Self.mostEntries else { return }
    for number in 0..<count {
      let entry = offset + 2 + number * 12
      guard let tag = short(at: entry), let kind = short(at: entry + 2), let length = long(at: entry + 4) else {
        return
      }
      if UInt16(tag) == Self.exifDirectory, isMain, let next = long(at: entry + 8) {
        readDirectory(at: next, isMain: false)
      } else if let name = Self.names[UInt16(tag)], let value = value(at: entry + 8, kind: kind, count: length) {
        found[name] = value
      }
    }
  }

  /// A value stands in its entry if it has up to four bytes; else the entry says where it stands.
  private func value(at place: Int, kind: Int, count: Int) -> String? {
    guard count >= 1 else { return nil }
    switch kind {
    case 2: return text(at: count <= 4 ? place : long(at: place), count: count)
    case 3: return short(at: place).map(String.init)
    case 4: return long(at: place).map(String.init)
    case 5:
      guard let offset = long(at: place), let above = long(at: offset), let below = long(at: offset + 4), below > 0
      else { return nil }
      return Self.ratio(above, below)
    default: return nil
    }
  }

  private func text(at offset: Int?, count: Int) -> String? {
    guard let offset, offset + count <= bytes.count else { return nil }
    let characters = bytes[offset..<offset + min(count, Self.longestText)].prefix { $0 != 0 }
    let text = String(decoding: characters, as: UTF8.self).filter { !$0.unicodeScalars.contains { $0.value < 32 } }
    return text.allSatisfy(\.isWhitespace) ? nil : text
  }

  /// Exposures as people write them, `1/250`; other numbers with a decimal point.
  private static func ratio(_ above: Int, _ below: Int) -> String {
    if above > 0, above < below { return "1/\(Int((Double(below) / Double(above)).rounded()))" }
    return above % below == 0 ? String(above / below) : String((Double(above) / Double(below) * 100).rounded() / 100)
  }

  private func short(at offset: Int) -> Int? { number(at: offset, count: 2) }
  private func long(at offset: Int) -> Int? { number(at: offset, count: 4) }

  private func number(at offset: Int, count: Int) -> Int? {
    guard offset >= 0, offset + count <= bytes.count else { return nil }
    let place = bytes[offset..<offset + count]
    return isLittleEndian
      ? place.reversed().reduce(0) { $0 << 8 | Int($1) } : place.reduce(0) { $0 << 8 | Int($1) }
  }
}
