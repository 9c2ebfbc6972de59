internal import Glibc
package import JSON
internal import Pipeline

extension OpenAISpeech {
  /// The most pieces of an answer, and the most characters of one.
  private static let mostPieces = 20_000
  private static let longestText = 100_000
  /// How far times may lie behind the end of the recording, in milliseconds; beyond that they are in another unit, or
  /// invented.
  private static let tolerance: Int64 = 2000

  /// What a server heard.
  ///
  /// - Parameter length: the recording's, in milliseconds.
  /// - Returns: nil if the answer is none.
  package static func reading(_ answer: JSON, milliseconds length: Int64) -> SpeechAnswer? {
    let text = (answer.string ?? answer["text"]?.string).map(cleaned)
    guard let pieces = answer["segments"]?.array, !pieces.isEmpty else {
      return text.map { SpeechAnswer(segments: whole($0, length)) }
    }
    guard pieces.count <= mostPieces else { return nil }
    var segments: [Transcript.Segment] = []
    var isTimed = true
    for piece in pieces {
      guard let segment = segment(piece) else { return nil }
      isTimed =
        isTimed && segment.start <= segment.end && segment.end <= length + tolerance
        && segment.start >= segments.last?.start ?? 0
      segments.append(segment)
    }
    let spoken = segments.filter { !$0.text.isEmpty }
    // Times that do not fit the recording are worse than none.
    guard isTimed else { return SpeechAnswer(segments: whole(spoken.map(\.text).joined(separator: " "), length)) }
    return SpeechAnswer(segments: placed(spoken, words: words(in: answer, pieces, length), within: length))
  }

  /// All of it in one piece.
  private static func whole(_ text: String, _ length: Int64) -> [Transcript.Segment] {
    text.isEmpty ? [] : [Transcript.Segment(start: 0, end: length, text: text, confidence: nil, words: nil)]
  }

  private static func segment(_ piece: JSON) -> Transcript.Segment? {
    guard let start = milliseconds(piece["start"]), let end = milliseconds(piece["end"]),
      let text = piece["text"]?.string
    else { return nil }
    let confidence = piece["avg_logprob"]?.double.map { (exp(min(0, $0)) * 1000).rounded() / 1000 }
    return Transcript.Segment(start: start, end: end, text: cleaned(text), confidence: confidence, words: nil)
  }

  /// Words with their times, which some servers put beside the segments and some into them.
  private static func words(in answer: JSON, _ pieces: [JSON], _ length: Int64) -> [Transcript.Word] {
    let list = answer["words"]?.array ?? pieces.flatMap { $0["words"]?.array ?? [] }
    guard list.count <= mostPieces else { return [] }
    return list.compactMap { word in
      guard let start = milliseconds(word["start"]), let end = milliseconds(word["end"]), start <= end,
        end <= length + tolerance, let text = word["word"]?.string.map(cleaned), !text.isEmpty
      else { return nil }
      return Transcript.Word(start: start, end: min(end, max(length, start)), text: text)
    }
  }

  private static func placed(
    _ segments: [Transcript.Segment], words: [Transcript.Word], within length: Int64
  ) -> [Transcript.Segment] {
    segments.map { segment in
      let own = words.filter { $0.start >= segment.start && $0.start < segment.end }
      return Transcript.Segment(
        start: min(segment.start, length), end: min(segment.end, length), text: segment.text,
        confidence: segment.confidence, words: own.isEmpty ? nil : own)
    }
  }

  private static func milliseconds(_ seconds: JSON?) -> Int64? {
    guard let seconds = seconds?.double, seconds >= 0, seconds < 1e9 else { return nil }
    return Int64((seconds * 1000).rounded())
  }

  /// On one line, without what no text should hold.
  private static func cleaned(_ text: String) -> String {
    let words = text.prefix(longestText).split { $0.isWhitespace || $0 == "\0" }
    return words.joined(separator: " ")
  }
}
