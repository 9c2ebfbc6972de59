extension SubtitleTrack {
  /// The track as WebVTT. Read again it gives the same cues, speakers included.
  package func webVTT() -> String {
    var file = "WEBVTT\n"
    for cue in cues {
      let text = Self.escaped(cue.text)
      let voice = cue.speaker.map { "<v \(Self.escaped($0))>" } ?? ""
      file += "\n\(Self.timing(cue.span, separator: "."))\n\(voice)\(text)\n"
    }
    return file
  }

  /// The track as SubRip, without speakers, for which it has no notation. As SRT has no escapes either, an arrow in a
  /// text is shortened so that it is not taken for a timing line.
  package func subRip() -> String {
    var file = ""
    for (index, cue) in cues.enumerated() {
      file += "\(index + 1)\n\(Self.timing(cue.span, separator: ","))\n\(Self.withoutArrows(cue.text))\n\n"
    }
    return file
  }

  /// What is said, a line a cue; an empty line where more than two seconds pass.
  package func plainText() -> String {
    var text = ""
    var end: Int?
    for cue in cues {
      if let end { text += cue.start > end + 2000 ? "\n\n" : "\n" }
      text += cue.text.collapsingWhiteSpace()
      end = max(end ?? 0, cue.end)
    }
    return text + "\n"
  }

  private static func timing(_ span: TimeSpan, separator: Character) -> String {
    let start = SubtitleTime.written(span.start, separator: separator)
    return "\(start) --> \(SubtitleTime.written(span.end, separator: separator))"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func withoutArrows(_ text: String) -> String {
    var result: [UInt8] = []
    var dashes = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: ">"), dashes >= 2 { result.removeLast(dashes - 1) }
      dashes = byte == UInt8(ascii: "-") ? dashes + 1 : 0
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
