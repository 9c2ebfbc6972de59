internal import Pipeline

extension PocketsphinxSpeech {
  /// A word as pocketsphinx heard it.
  struct HeardWord: Equatable {
    let text: String
    let start: Int64
    let end: Int64
    let confidence: Double
  }

  /// Reads what `pocketsphinx_continuous -time yes` prints: for each utterance its text, then a line a word, `harbour
  /// 0.830 1.420 0.246532`. Silences (`<sil>`), noises (`[NOISE]`) and the marks of begin and end are passed over.
  package static func answer(_ output: String) -> SpeechAnswer {
    var answer = SpeechAnswer(segments: [])
    for utterance in utterances(in: output) {
      if isUnderstood(utterance) {
        answer.segments += phrases(of: utterance).map(segment)
      } else if let first = utterance.first, let last = utterance.last {
        answer.notUnderstood += last.end - first.start
      }
    }
    return answer
  }

  private static func utterances(in output: String) -> [[HeardWord]] {
    var utterances: [[HeardWord]] = []
    var words: [HeardWord]?
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 4, let start = milliseconds(fields[1]), let end = milliseconds(fields[2]), end >= start,
        let confidence = Double(fields[3])
      else { continue }
      switch fields[0] {
      case "<s>": words = []
      case "</s>":
        utterances.append(words ?? [])
        words = nil
      case let mark where mark.hasPrefix("<") || mark.hasPrefix("["): continue
      case let word:
        words?.append(
          HeardWord(text: spelling(of: word), start: start, end: end, confidence: min(1, max(0, confidence))))
      }
    }
    // The end of the file may cut an utterance off.
    if let words { utterances.append(words) }
    return utterances.filter { !$0.isEmpty }
  }

  private static func milliseconds(_ field: Substring) -> Int64? {
    Double(field).flatMap { $0 >= 0 && $0 < 1e6 ? Int64(($0 * 1000).rounded()) : nil }
  }

  /// Other pronunciations of a word are numbered: `and(2)`.
  private static func spelling(of word: Substring) -> String {
    let text = String(word.prefix { $0 != "(" })
    return text == "i" || text.hasPrefix("i'") ? "I" + text.dropFirst() : text
  }

  private static func isUnderstood(_ words: [HeardWord]) -> Bool {
    let confidence = words.reduce(0) { $0 + $1.confidence } / Double(words.count)
    let time = words.reduce(0) { $0 + $1.end - $1.start }
    let letters = words.reduce(0) { $0 + $1.text.count }
    return confidence >= leastConfidence && Double(time) <= longestLetter * Double(letters)
  }

  /// A pause that ends a phrase, and how long a phrase may become; both in milliseconds.
  private static let pause: Int64 = 300
  private static let longestPhrase: Int64 = 12_000

  /// An utterance in pieces that fit a line of subtitles: it has no punctuation to go by, so pauses have to do.
  private static func phrases(of words: [HeardWord]) -> [ArraySlice<HeardWord>] {
    var phrases: [ArraySlice<HeardWord>] = []
    var start = 0
    for index in words.indices.dropFirst() {
      let isPause = words[index].start - words[index - 1].end >= pause
      if isPause || words[index].end - words[start].start > longestPhrase {
        phrases.append(words[start..<index])
        start = index
      }
    }
    phrases.append(words[start...])
    return phrases
  }

  private static func segment(_ words: ArraySlice<HeardWord>) -> Transcript.Segment {
    let confidence = words.reduce(0) { $0 + $1.confidence } / Double(words.count)
    return Transcript.Segment(
      start: words.first?.start ?? 0, end: words.last?.end ?? 0, text: words.map(\.text).joined(separator: " "),
      confidence: (confidence * 1000).rounded() / 1000,
      words: words.map { Transcript.Word(start: $0.start, end: $0.end, text: $0.text) })
  }
}
