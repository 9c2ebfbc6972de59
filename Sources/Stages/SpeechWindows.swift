package import Pipeline

/// Cuts a recording into windows for speech recognition: at silences, so that no word is cut, and short enough for one
/// to be lost without much harm.
package enum SpeechWindows {
  package struct Window: Sendable, Equatable {
    /// Milliseconds from the start.
    package let start: Int64
    package let end: Int64
  }

  /// Milliseconds that a window may last.
  package static let longest: Int64 = 5 * 60_000
  /// Silences longer than this, in milliseconds, belong to no window.
  private static let skippedSilence: Int64 = 3000
  /// Of a skipped silence, this much stays on either side.
  private static let margin: Int64 = 300
  /// Shorter rests, in milliseconds, hold no word.
  private static let shortest: Int64 = 100

  /// The windows of a recording.
  ///
  /// - Returns: in order, without overlaps, each at most ``longest``.
  package static func cut(_ track: AudioTrack) -> [Window] {
    let stretches = audible(track)
    var windows: [Window] = []
    for stretch in stretches {
      windows += split(stretch, at: track.silences.map { ($0.start + $0.end) / 2 })
    }
    return windows
  }

  /// What is left when long silences are taken out.
  private static func audible(_ track: AudioTrack) -> [Window] {
    var stretches: [Window] = []
    var start: Int64 = 0
    for silence in track.silences where silence.end - silence.start >= skippedSilence {
      stretches.append(Window(start: start, end: silence.start == 0 ? 0 : silence.start + margin))
      start = silence.end - margin
    }
    stretches.append(Window(start: start, end: track.durationMilliseconds))
    return stretches.filter { $0.end - $0.start >= shortest + margin }
  }

  /// Cuts as late as possible, in the middle of a silence; where nobody pauses for too long, in the middle of a word.
  private static func split(_ stretch: Window, at places: [Int64]) -> [Window] {
    var windows: [Window] = []
    var start = stretch.start
    while stretch.end - start > longest {
      let end = places.last { $0 > start && $0 <= start + longest } ?? start + longest
      windows.append(Window(start: start, end: end))
      start = end
    }
    windows.append(Window(start: start, end: stretch.end))
    return windows
  }
}
