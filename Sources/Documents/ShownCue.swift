/// A cue as the file has it: its visible lines, each with its speaker.
struct ShownCue {
  struct Line: Hashable {
    var speaker: String?
    var text: String
  }

  var span: TimeSpan
  var lines: [Line]

  /// One cue for each stretch of lines by the same speaker.
  var cues: [Cue] {
    var cues: [Cue] = []
    var index = 0
    while index < lines.count {
      let speaker = lines[index].speaker
      let own = lines[index...].prefix { $0.speaker == speaker }
      cues.append(Cue(span: span, speaker: speaker, text: own.map(\.text).joined(separator: "\n")))
      index = own.endIndex
    }
    return cues
  }
}
