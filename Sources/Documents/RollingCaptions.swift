/// Undoes what automatic captions do: show a line, show it again above the next one, let a line grow word by word.
enum RollingCaptions {
  /// Cues this close, in milliseconds, follow each other without a break.
  static let slack = 100

  /// The cues without what the cue right before them showed already; those left empty prolong that one.
  static func folded(_ cues: [ShownCue]) -> [ShownCue] {
    var result: [ShownCue] = []
    var previousLines: [ShownCue.Line] = []
    var previousEnd = Int.min
    for var cue in cues {
      let shownLines = cue.lines
      if cue.span.start <= previousEnd.addingClamped(slack), !result.isEmpty {
        let last = result.count - 1
        cue.lines.removeFirst(repeated(previousLines, shownLines))
        if cue.lines.isEmpty {
          result[last].span = result[last].span.ending(at: max(result[last].span.end, cue.span.end))
        } else if grows(result[last].lines, into: cue.lines) {
          result[last].lines = cue.lines
          result[last].span = result[last].span.ending(at: max(result[last].span.end, cue.span.end))
        } else {
          result.append(cue)
        }
      } else {
        result.append(cue)
      }
      previousLines = shownLines
      previousEnd = cue.span.end
    }
    return result
  }

  /// How many lines at the top of a cue are those at the bottom of the one before it. Captions show few lines: more
  /// than eight are not compared.
  private static func repeated(_ before: [ShownCue.Line], _ now: [ShownCue.Line]) -> Int {
    for count in stride(from: min(before.count, now.count, 8), to: 0, by: -1)
    where before.suffix(count).elementsEqual(now.prefix(count)) {
      return count
    }
    return 0
  }

  /// Whether a line of two words or more is the beginning of another ("No" before "No way" is said twice).
  private static func grows(_ before: [ShownCue.Line], into now: [ShownCue.Line]) -> Bool {
    guard before.count == 1, let old = before.first, let new = now.first, old.speaker == new.speaker else {
      return false
    }
    return old.text.contains(" ") && new.text.utf8.count > old.text.utf8.count
      && new.text.utf8.starts(with: old.text.utf8)
      && new.text.utf8.dropFirst(old.text.utf8.count).first == UInt8(ascii: " ")
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
