internal import Pipeline
internal import Providers

/// What was heard in one window of a recording; recorded as soon as it is known.
struct SpeechWindow: ArtifactValue {
  /// With times from the start of the recording.
  var segments: [Transcript.Segment]
  /// Milliseconds of what sounded like speech but was not understood.
  var notUnderstood: Int64

  /// Moves the answer's times to where the window is, and keeps them inside it.
  init(_ answer: SpeechAnswer, in window: SpeechWindows.Window) {
    func moved(_ time: Int64) -> Int64 { min(max(window.start + max(0, time), window.start), window.end) }
    segments = answer.segments.map { segment in
      var segment = segment
      segment.start = moved(segment.start)
      segment.end = moved(segment.end)
      segment.words = segment.words?.map { word in
        Transcript.Word(start: moved(word.start), end: moved(word.end), text: word.text)
      }
      return segment
    }
    notUnderstood = answer.notUnderstood
  }
}
