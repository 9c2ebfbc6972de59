extension ValueFormat where Value == Duration {
  /// A duration such as `90s`, `5m` or `1h30m`, not negative.
  package static var duration: Self { duration(Duration.zero...Duration.longest) }

  /// A duration of at least the lower bound.
  package static func duration(_ range: PartialRangeFrom<Duration>) -> Self {
    duration(range.lowerBound...Duration.longest)
  }

  /// A duration in `range`: whole numbers with the units `d h m s ms`, longest unit first, each at most once.
  package static func duration(_ range: ClosedRange<Duration>) -> Self {
    let limits = limitsText(
      from: range.lowerBound == .zero ? nil : range.lowerBound.shortText,
      to: range.upperBound == .longest ? nil : range.upperBound.shortText)
    return ValueFormat(
      placeholder: "duration", expectation: limited("a duration like 90s, 5m or 1h30m", to: limits), limits: limits,
      parse: { Duration(shortText: $0).flatMap { range.contains($0) ? $0 : nil } }, render: \.shortText)
  }
}

extension Duration {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// The longest duration that a text can stand for, about 292 million years.
  fileprivate static let longest = Duration.milliseconds(Int64.max)

  /// The duration in whole numbers of units, zero ones left out: `1h30m`, `250ms`, `0s`.
  ///
  /// Rounded down to milliseconds; a negative duration begins with a minus sign, which no text may when parsed.
  package var shortText: String {
    var rest = components.seconds.multipliedReportingOverflow(by: 1000).partialValue
    rest &+= components.attoseconds / 1_000_000_000_000_000
    var magnitude = rest.magnitude
    if magnitude == 0 { return "0s" }
    var text = rest < 0 ? "-" : ""
    for unit in Self.units {
      let (count, remainder) = magnitude.quotientAndRemainder(dividingBy: UInt64(unit.milliseconds))
      if count > 0 { text += "\(count)\(unit.name)" }
      magnitude = remainder
    }
    return text
  }

  /// The duration that a text like `1h30m` stands for, or nil if the text is not of that form or too large.
  package init?(shortText text: String) {
    var rest = text.utf8[...]
    var units = Self.units[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest[digits.endIndex...]
      let letters = rest.prefix { !(0x30...0x39).contains($0) }
      rest = rest[letters.endIndex...]
      guard let count = Int64(Substring(digits)),
        let unit = units.firstIndex(where: { $0.name == String(Substring(letters)) })
      else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, overflowOfSum) = total.addingReportingOverflow(product)
      if overflow || overflowOfSum { return nil }
      total = sum
      units = units[(unit + 1)...]
    }
    if text.isEmpty { return nil }
    self = .milliseconds(total)
  }
}
