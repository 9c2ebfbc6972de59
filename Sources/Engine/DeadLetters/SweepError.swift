package import AMQP
package import PostgreSQL

/// Why a sweep ended before its time. Nothing is lost: what it has not acknowledged is back in the queue.
package enum SweepError: Error, CustomStringConvertible {
  case broker(AMQPError)
  case database(PostgresError)
  /// The broker did not confirm a letter that was published again.
  case refused(queue: String)
  /// The broker has messages and does not deliver them.
  case silent(queue: String)
  /// The sweep was away for so long that another one may have begun.
  case overtaken(queue: String)
  case cancelled

  package var description: String {
    switch self {
    case .broker(let error): "\(error)"
    case .database(let error): "\(error)"
    case .refused(let queue):
      "the broker did not take a message for the queue '\(queue)'; see that it stands and has room, then sweep again"
    case .silent(let queue):
      "the broker does not deliver from the queue '\(queue)'; see that its nodes are up, then sweep again"
    case .overtaken(let queue):
      "the sweep of '\(queue)' was held up for longer than its lease, and ended; sweep again"
    case .cancelled: "cancelled"
    }
  }
}
