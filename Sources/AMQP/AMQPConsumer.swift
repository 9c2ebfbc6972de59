/// A consumer of one queue, on a channel of its own.
///
/// Dropping the last reference closes the channel, as ``close()`` does; the broker then delivers to somebody else what
/// was not acknowledged.
package final class AMQPConsumer: Sendable {
  package let queue: String
  private let connection: AMQPConnection
  private let channel: Channel.ID
  private let consumerTag: String

  init(connection: AMQPConnection, channel: Channel.ID, queue: String, consumerTag: String) {
    self.connection = connection
    self.channel = channel
    self.queue = queue
    self.consumerTag = consumerTag
  }

  deinit {
    Task { [connection, channel] in await connection.release(channel) }
  }

  /// Waits for deliveries, and takes all that have come: at most as many as the prefetch.
  ///
  /// - Returns: nil after ``cancel()`` or ``close()``, or when the task is cancelled.
  /// - Throws: ``AMQPError/consumerCancelled(queue:)`` if the queue is gone, or why the channel or the connection
  ///   ended; each after what was delivered before.
  package func nextBatch() async throws(AMQPError) -> [AMQPDelivery]? {
    try await connection.nextBatch(of: channel)
  }

  /// Acknowledges deliveries, in any order; it is sent with the loop's turn. What was acknowledged before, and what
  /// comes after the end of the channel, is ignored: the broker delivers it again.
  package func ack(_ tags: some Sequence<UInt64> & Sendable) async {
    if connection.loop.isCurrent {
      ackOnLoop(tags)
    } else {
      await connection.ack(tags, on: channel)
    }
  }

  /// Acknowledges a delivery.
  package func ack(_ tag: UInt64) async { await ack(CollectionOfOne(tag)) }

  /// Acknowledges deliveries, as `ack` does. Call it on the loop's thread: it stops the program
  /// elsewhere.
  package func ackOnLoop(_ tags: some Sequence<UInt64> & Sendable) {
    connection.assumeIsolated { $0.ack(tags, on: channel) }
  }

  /// Gives a delivery back (`requeue`), or to the queue's dead-letter exchange if it has one.
  package func nack(_ tag: UInt64, requeue: Bool) async {
    await connection.nack(CollectionOfOne(tag), requeue: requeue, on: channel)
  }

  /// Ends the deliveries and gives back those that nobody has taken; those taken can still be acknowledged.
  package func cancel() async throws(AMQPError) { try await connection.cancel(channel, consumerTag: consumerTag) }

  /// Sends the acknowledgements, and gives back everything that has none.
  package func close() async { await connection.close(channel) }
}
