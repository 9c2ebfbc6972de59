/// A stretch of a recording, in milliseconds from its start: never negative, never backwards.
package struct TimeSpan: Hashable, Sendable {
  /// Where it starts, in milliseconds.
  package let start: Int
  /// Where it ends, in milliseconds; not before `start`.
  package let end: Int

  /// `nil` for a negative start or an end before the start.
  package init?(start: Int, end: Int) {
    guard start >= 0, end >= start else { return nil }
    self.start = start
    self.end = end
  }

  /// How long it is, in milliseconds.
  package var duration: Int { end - start }

  /// The shortest span that covers both.
  package func union(_ other: TimeSpan) -> TimeSpan {
    TimeSpan(unchecked: min(start, other.start), max(end, other.end))
  }

  /// The same start with another end; an end before the start makes it empty.
  func ending(at end: Int) -> TimeSpan { TimeSpan(unchecked: start, max(start, end)) }

  private init(unchecked start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }
}
