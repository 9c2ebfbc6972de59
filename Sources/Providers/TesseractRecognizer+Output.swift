extension TesseractRecognizer {
  /// A word and the line that it belongs to.
  private struct Word {
    let line: [Substring]
    let text: String
    let confidence: Double
    let box: Box
  }

  private struct Box {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    func union(_ other: Box) -> Box {
      Box(
        left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
        bottom: max(bottom, other.bottom))
    }
  }

  /// Reads what `tesseract … tsv` prints: a row a word with `level page block par line word left top width height conf
  /// text`, where level 5 is a word. Unsure words are left out, and lines without a word of two letters or digits.
  package static func lines(_ output: String) -> [RecognizedLine] {
    var lines: [[Word]] = []
    for row in output.split(separator: "\n") {
      guard let word = word(in: row) else { continue }
      if lines.last?.last?.line == word.line {
        lines[lines.count - 1].append(word)
      } else {
        lines.append([word])
      }
    }
    return lines.filter { $0.contains { $0.text.count { $0.isLetter || $0.isNumber } >= 2 } }.map(joined)
      .sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }

  private static func word(in row: Substring) -> Word? {
    let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 12, fields[0] == "5", let left = Int(fields[6]), let top = Int(fields[7]),
      let width = Int(fields[8]), let height = Int(fields[9]), let confidence = Double(fields[10]),
      confidence >= leastConfidence, fields[11].contains(where: { $0.isLetter || $0.isNumber })
    else { return nil }
    return Word(
      line: Array(fields[1...4]), text: String(fields[11]), confidence: min(1, confidence / 100),
      box: Box(left: left, top: top, right: left + width, bottom: top + height))
  }

  private static func joined(_ words: [Word]) -> RecognizedLine {
    let box = words.dropFirst().reduce(words[0].box) { $0.union($1.box) }
    let confidence = words.reduce(0) { $0 + $1.confidence } / Double(words.count)
    return RecognizedLine(
      text: words.map(\.text).joined(separator: " "), confidence: (confidence * 1000).rounded() / 1000, x: box.left,
      y: box.top, width: box.right - box.left, height: box.bottom - box.top)
  }
}
