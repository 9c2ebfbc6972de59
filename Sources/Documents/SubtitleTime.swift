/// The times of SRT and WebVTT: hours (which may be missing), minutes, seconds and a fraction after a comma or point.
enum SubtitleTime {
  /// No recording is longer than this: a thousand hours, in milliseconds.
  static let latest = 1000 * 3_600_000

  static func isTimingLine(_ line: some StringProtocol) -> Bool { arrow(in: Array(line.utf8)) != nil }

  /// Where `-->` stands.
  static func arrow(in line: [UInt8]) -> Range<Int>? {
    line.firstRange(of: Array("-->".utf8))
  }

  /// The start and end of a timing line, in milliseconds; what follows the end (cue settings) is not looked at.
  /// `nil` if there is an arrow but a time is not one.
  static func times(in line: [UInt8], arrow: Range<Int>) -> (start: Int, end: Int)? {
    let before = line[..<arrow.lowerBound].drop(while: \.isWhiteSpace)
    let start = before.prefix { !$0.isWhiteSpace }
    guard before[start.endIndex...].allSatisfy(\.isWhiteSpace) else { return nil }
    let end = line[arrow.upperBound...].drop(while: \.isWhiteSpace).prefix { !$0.isWhiteSpace }
    guard let start = milliseconds(start), let end = milliseconds(end) else { return nil }
    return (start, end)
  }

  /// `[H…:]M[M]:S[S][(.|,)f[f[f…]]]`; digits of the fraction after the third are dropped.
  private static func milliseconds(_ time: ArraySlice<UInt8>) -> Int? {
    let halves = time.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
    }
    let fields = halves[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3 else { return nil }
    let hours = fields.count == 3 ? number(fields[0], digits: 1...4) : 0
    guard let hours, let minutes = number(fields[fields.count - 2], digits: 1...2), minutes < 60,
      let seconds = number(fields[fields.count - 1], digits: 1...2), seconds < 60
    else { return nil }
    var fraction = 0
    if halves.count == 2 {
      guard let first = number(halves[1].prefix(3), digits: 1...3), halves[1].allSatisfy(\.isDigit) else { return nil }
      fraction = halves[1].count == 1 ? first * 100 : halves[1].count == 2 ? first * 10 : first
    }
    let total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction
    return total <= latest ? total : nil
  }

  private static func number(_ field: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(field.count), field.allSatisfy(\.isDigit) else { return nil }
    return field.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// `00:01:02.345`, with the given separator before the fraction.
  static func written(_ milliseconds: Int, separator: Character) -> String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let seconds = milliseconds / 1000
    return
      "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\(separator)\(padded(milliseconds % 1000, 3))"
  }
}
