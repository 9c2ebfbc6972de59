/// Segments without a long silence between them.
struct TimedSection {
  private var runs: [TimedRun] = []

  static func sections(of segments: [TimedText]) -> [TimedSection] {
    var sections: [TimedSection] = []
    var latestEnd: Int?
    let ordered = segments.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }
    for (_, segment) in ordered {
      let text = segment.text.collapsingWhiteSpace()
      guard !text.isEmpty else { continue }
      let gap = latestEnd.map { segment.span.start - $0 } ?? .max
      if gap >= PassageCutter.silence { sections.append(TimedSection()) }
      let section = sections.count - 1
      if gap >= PassageCutter.pause { sections[section].runs.append(TimedRun()) }
      sections[section].runs[sections[section].runs.count - 1].append(text, of: segment)
      latestEnd = max(latestEnd ?? 0, segment.span.end)
    }
    return sections
  }

  func units() -> [PassageUnit] {
    var units: [PassageUnit] = []
    var latest: TimeSpan?
    for run in runs {
      for (index, piece) in run.pieces().enumerated() {
        // Overlapping segments must not make time run backwards.
        let start = max(latest?.start ?? 0, piece.span.start)
        let span = TimeSpan(start: start, end: max(latest?.end ?? 0, piece.span.end)) ?? piece.span
        latest = span
        units.append(
          PassageUnit(text: piece.text, separator: piece.spaced ? " " : "", span: span, startsParagraph: index == 0))
      }
      if let last = units.popLast() { units.append(last.followed(by: " ")) }
    }
    if let last = units.popLast() { units.append(last.followed(by: "")) }
    return units
  }
}
