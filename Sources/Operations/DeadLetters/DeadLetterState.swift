/// What became of a dead letter. Only those that are open have a message in their queue, after a sweep.
package enum DeadLetterState: String, Sendable, CaseIterable {
  /// Nobody dealt with it.
  case open
  /// Its work was asked for again.
  case closed
  /// Kept out of the way.
  case archived
  /// To be erased after a while.
  case discarded
}
