/// The cues of a subtitle file, in the order of their starts.
package struct SubtitleTrack: Hashable, Sendable {
  package let cues: [Cue]
  /// What was wrong with the file, at most the first `issueLimit` findings.
  package let issues: [SubtitleIssue]

  package static let issueLimit = 100

  package init(cues: [Cue]) {
    self.cues = cues
    issues = []
  }

  /// Reads SRT or WebVTT, telling them apart by the header.
  ///
  /// Strict on times, tolerant of the rest: numbers, hours and header may be missing, the fraction may follow a comma
  /// or a point, `NOTE`, `STYLE` and `REGION` blocks and cue settings are passed over, markup is taken out. Cues that
  /// repeat what is still shown (as automatic captions do, rolling up line by line) are folded into one.
  ///
  /// - Parameter text: lines ended by line feeds, as `DecodedText` gives them.
  /// - Throws: `noCues` if not a single cue is usable.
  package init(parsing text: String) throws(DocumentError) {
    var reader = SubtitleReader(text)
    reader.read()
    let shown = reader.cues.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }.map(\.element)
    cues = RollingCaptions.folded(SubtitleTrack.withDurations(shown)).flatMap(\.cues)
    issues = reader.issues
    if cues.isEmpty { throw .noCues(issues: issues) }
  }

  /// Gives cues that end when they start up to two seconds, but not beyond the next start.
  private static func withDurations(_ cues: [ShownCue]) -> [ShownCue] {
    var result = cues
    var nextStart = Int.max
    for index in cues.indices.reversed() {
      let span = cues[index].span
      if index + 1 < cues.count, cues[index + 1].span.start > span.start { nextStart = cues[index + 1].span.start }
      if span.duration == 0 { result[index].span = span.ending(at: min(span.start + 2000, nextStart)) }
    }
    return result
  }
}
