extension ValueFormat where Value == Int {
  /// A size in bytes such as `512`, `64KiB` or `2GB`.
  package static var byteCount: Self { byteCount(0...Int.max) }

  /// A size in bytes in `range`: a whole number with a unit, `B kB MB GB TB` (powers of 1000) or `KiB MiB GiB TiB`
  /// (powers of 1024), in any case; without a unit it counts bytes.
  package static func byteCount(_ range: ClosedRange<Int>) -> Self {
    let limits = limitsText(
      from: range.lowerBound == 0 ? nil : byteCountText(range.lowerBound),
      to: range.upperBound == .max ? nil : byteCountText(range.upperBound))
    return ValueFormat(
      placeholder: "size", expectation: limited("a size like 512B, 64KiB or 2GB", to: limits), limits: limits,
      parse: { parseByteCount($0).flatMap { range.contains($0) ? $0 : nil } }, render: byteCountText)
  }
}

private let units: [(name: String, bytes: Int)] = [
  ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20),
  ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000), ("B", 1),
]

/// The size exactly, in the largest unit that divides it.
private func byteCountText(_ count: Int) -> String {
  let unit = units.first { count != 0 && count % $0.bytes == 0 } ?? ("B", 1)
  return "\(count / unit.bytes)\(unit.name)"
}

private func parseByteCount(_ text: String) -> Int? {
  let digits = text.prefix { $0.isASCII && $0.isNumber }
  let name = text[digits.endIndex...].lowercased()
  guard let count = Int(digits),
    let unit = name.isEmpty ? ("B", 1) : units.first(where: { $0.name.lowercased() == name })
  else { return nil }
  let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
  return overflow ? nil : bytes
}
