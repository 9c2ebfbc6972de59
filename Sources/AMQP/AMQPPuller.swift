/// Takes single messages from a queue: for a walk through it, not for steady work.
///
/// Dropping the last reference closes its channel, as ``close()`` does; the broker then puts back what was not
/// acknowledged.
package final class AMQPPuller: Sendable {
  package let queue: String
  private let connection: AMQPConnection
  private let channel: Channel.ID

  init(connection: AMQPConnection, channel: Channel.ID, queue: String) {
    self.connection = connection
    self.channel = channel
    self.queue = queue
  }

  deinit {
    Task { [connection, channel] in await connection.release(channel) }
  }

  /// Takes a message, one call at a time.
  ///
  /// - Returns: it, and how many more wait in the queue; nil if the queue is empty.
  /// - Throws: ``AMQPError/channelClosed(code:text:)`` with 404 if there is no such queue.
  package func get() async throws(AMQPError) -> (AMQPDelivery, remaining: Int)? {
    try await connection.get(queue, on: channel)
  }

  /// Acknowledges a message.
  package func ack(_ tag: UInt64) async { await connection.ack(CollectionOfOne(tag), on: channel) }

  /// Puts a message back (`requeue`), or to the queue's dead-letter exchange if it has one.
  package func nack(_ tag: UInt64, requeue: Bool) async {
    await connection.nack(CollectionOfOne(tag), requeue: requeue, on: channel)
  }

  /// Sends the acknowledgements, and puts back everything that has none.
  package func close() async { await connection.close(channel) }
}
