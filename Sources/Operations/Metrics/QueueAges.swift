/// How long the oldest message of each queue may have waited.
///
/// The broker does not tell. What waits was published after the message that was taken last, for queues keep their
/// order, and after the queue was last seen empty; the later of both bounds its age from above. It is wrong by no more
/// than the time between two looks.
struct QueueAges: Sendable {
  private var lastEmpty: [String: Int64] = [:]

  /// Looks at a queue.
  ///
  /// - Parameters:
  ///   - ready: how many messages wait in it.
  ///   - lastPublished: when the message that was taken last was published; nil if that is not known.
  ///   - now: as `lastPublished`, in milliseconds since 1970.
  /// - Returns: zero for an empty queue.
  mutating func age(of queue: String, ready: Int, lastPublished: Int64?, now: Int64) -> Duration {
    guard ready > 0 else {
      lastEmpty[queue] = now
      return .zero
    }
    // Before the first look it may have been empty: its age is counted from there.
    let emptySince = lastEmpty[queue, default: now]
    lastEmpty[queue] = emptySince
    return .milliseconds(max(0, now - max(emptySince, lastPublished ?? 0)))
  }
}
