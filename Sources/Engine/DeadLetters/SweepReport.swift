/// What a sweep of one queue did.
package struct SweepReport: Sendable, Equatable {
  package let queue: String
  /// Messages that were taken from the queue.
  package var walked = 0
  /// Of these, open letters: published again at the end of the queue.
  package var kept = 0
  /// Of these, letters that somebody has dealt with: acknowledged.
  package var closed = 0
  /// Of these, a second message of an open letter: acknowledged.
  package var duplicates = 0
  /// Of these, messages without a row: written, and published again as the letters that they are now.
  package var found = 0
  /// Open letters whose message was not there: published.
  package var returned = 0
  /// Another sweep is at work on the queue; this one left it alone.
  package var isBusy = false

  package init(queue: String) { self.queue = queue }
}
