/// Splits text into sentences, in one pass.
///
/// A stop ends a sentence when white space follows and nothing speaks against it: an abbreviation, an initial, an
/// ordinal or list number, a next word in lower case. Closing quotes and brackets stay with the sentence before them.
/// The stops of Chinese and Japanese need no white space. An empty line always ends a sentence.
package struct Sentences {
  private let text: String
  private let scalars: [Unicode.Scalar]

  /// The sentences of a text in order, without white space around them; together they hold all of it but white space.
  package static func split(_ text: String) -> [Substring] {
    let sentences = Sentences(text)
    return sentences.substrings(at: sentences.ranges())
  }

  private init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  /// The sentences as ranges of scalars.
  private func ranges() -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = skippingBlanks(from: 0)
    var index = start
    while index < scalars.count {
      if let end = sentenceEnd(at: &index, start: start) {
        ranges.append(start..<end)
        start = skippingBlanks(from: end)
        index = start
      }
    }
    if start < scalars.count { ranges.append(start..<trimmedEnd(from: start)) }
    return ranges
  }

  /// Looks at one scalar, or one run of stops, and moves `index` past it. Returns where the sentence ends if it does.
  private func sentenceEnd(at index: inout Int, start: Int) -> Int? {
    let scalar = scalars[index]
    if scalar == "\n" { return emptyLine(at: &index) }
    guard StopClass(scalar) != nil else {
      index += 1
      return nil
    }
    let firstStop = index
    var wide = false
    while index < scalars.count, let stop = StopClass(scalars[index]) {
      wide = wide || stop == .wide
      index += 1
    }
    let afterStops = index
    while index < scalars.count, Self.closers.contains(scalars[index]) { index += 1 }
    if wide || index == scalars.count { return index }
    guard scalars[index].isBlank else { return nil }
    let stops = firstStop..<afterStops
    return ends(stops: stops, closed: index > afterStops, next: nextWord(after: index), start: start) ? index : nil
  }

  /// An end at an empty line; `index` moves past the white space.
  private func emptyLine(at index: inout Int) -> Int? {
    let first = index
    var lines = 0
    while index < scalars.count, scalars[index].isBlank {
      if scalars[index] == "\n" { lines += 1 }
      index += 1
    }
    return lines > 1 ? first : nil
  }

  /// Whether the stops end the sentence that began at `start`, given where the next word begins.
  private func ends(stops: Range<Int>, closed: Bool, next: Int, start: Int) -> Bool {
    guard next < scalars.count else { return true }
    let continues = scalars[next].properties.isLowercase
    if continues && (closed || !beginsLowercase(at: start)) {
      // “Really?” he said. And: wait … for it. But “why? because!” outside quotes are two sentences.
      if closed || scalars[stops.lowerBound] == "." || scalars[stops.lowerBound] == "…" { return false }
    }
    guard scalars[stops.lowerBound] == ".", stops.count == 1, !closed else { return true }
    return !isAbbreviation(before: stops.lowerBound, start: start, next: next)
  }

  /// Whether the token before a full stop is one that a stop belongs to.
  private func isAbbreviation(before stop: Int, start: Int, next: Int) -> Bool {
    var first = stop
    while first > start, stop - first < 16, !scalars[first - 1].isBlank, !Self.openers.contains(scalars[first - 1]) {
      first -= 1
    }
    let token = scalars[first..<stop]
    guard let initial = token.first else { return false }
    if token.allSatisfy({ $0.isASCIIDigit }) {
      // “1. Open the lid” and “am 3. Mai”: a number of a list or a date.
      return token.count <= 3 && (first == start || Abbreviations.months.contains(word(at: next)))
    }
    if token.count == 1 { return initial.properties.isUppercase && initial != "I" }
    let lowered = string(token).lowercased()
    if Abbreviations.beforeNames.contains(lowered) { return true }
    if Abbreviations.beforeNumbers.contains(lowered) { return scalars[next].isASCIIDigit }
    if token.contains(".") {
      // “U.S.”, “e.g.”, “z.B.”: letters with stops between. Such as “p.m.” may well end a sentence.
      let letters = token.filter { $0 != "." }
      return letters.count <= 4 && !["p.m", "a.m"].contains(lowered) && letters.allSatisfy(\.properties.isAlphabetic)
    }
    return false
  }

  private func beginsLowercase(at start: Int) -> Bool {
    scalars[nextWord(after: start)..<scalars.count].first?.properties.isLowercase ?? false
  }

  /// The first scalar of a word after white space and opening quotes or brackets.
  private func nextWord(after index: Int) -> Int {
    var next = index
    while next < scalars.count, next - index < 32, scalars[next].isBlank || Self.openers.contains(scalars[next]) {
      next += 1
    }
    return next
  }

  private func word(at index: Int) -> String {
    string(scalars[index...].prefix(12).prefix { $0.properties.isAlphabetic }).lowercased()
  }

  private func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars)
    return result
  }

  private func skippingBlanks(from index: Int) -> Int {
    var index = index
    while index < scalars.count, scalars[index].isBlank { index += 1 }
    return index
  }

  private func trimmedEnd(from start: Int) -> Int {
    var end = scalars.count
    while end > start, scalars[end - 1].isBlank { end -= 1 }
    return end
  }

  /// Turns ranges of scalars into parts of the text, walking it once.
  private func substrings(at ranges: [Range<Int>]) -> [Substring] {
    var result: [Substring] = []
    result.reserveCapacity(ranges.count)
    let view = text.unicodeScalars
    var index = view.startIndex
    var offset = 0
    for range in ranges {
      let start = view.index(index, offsetBy: range.lowerBound - offset)
      index = view.index(start, offsetBy: range.count)
      offset = range.upperBound
      result.append(text[start..<index])
    }
    return result
  }

  private static let closers: Set<Unicode.Scalar> = [
    "\"", "'", "”", "’", "»", "›", "“", "‘", ")", "]", "}", "」", "』", "）", "】", "》", "*", "_",
  ]
  private static let openers: Set<Unicode.Scalar> = [
    "\"", "'", "“", "‘", "„", "‚", "«", "‹", "»", "(", "[", "{", "¿", "¡", "「", "『", "（", "-", "–", "—", "*", "_",
  ]
}

/// The marks that can end a sentence.
private enum StopClass {
  /// Ends one only before white space.
  case narrow
  /// Full width: ends one wherever it stands.
  case wide

  init?(_ scalar: Unicode.Scalar) {
    switch scalar {
    case ".", "!", "?", "…", "؟", "۔", "।", "॥", "։", "‽": self = .narrow
    case "。", "！", "？", "｡", "．": self = .wide
    default: return nil
    }
  }
}

extension Unicode.Scalar {
  var isASCIIDigit: Bool { value >= 0x30 && value <= 0x39 }
}
