internal import Identifiers
internal import Observability
internal import Synchronization

/// What was taken from one queue.
final class QueueTaking: Sendable {
  private let taken: Counter
  private let newest = Atomic<Int64>(0)

  init(taken: Counter) { self.taken = taken }

  /// Counts deliveries that came together.
  ///
  /// - Parameter lastID: the id of the last of them. Ours are time-ordered and say when it was published; what others
  ///   call their messages says nothing.
  func take(_ count: Int, lastID: String?) {
    taken.increment(by: Double(count))
    guard let lastID, let id = UUID(lastID), id.version == 7 else { return }
    // The first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7).
    newest.store(Int64(id.high >> 16), ordering: .relaxed)
  }

  /// When the message was published that was taken last, in milliseconds since 1970; nil if that is not known. What
  /// waits in the queue is not older.
  var lastPublished: Int64? {
    let time = newest.load(ordering: .relaxed)
    return time > 0 ? time : nil
  }
}
