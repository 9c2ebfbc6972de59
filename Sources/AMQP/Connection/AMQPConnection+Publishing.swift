extension AMQPConnection {
  /// Publishes messages and waits until the broker has answered for each.
  ///
  /// At most ``Options/publishWindow`` messages of a connection are unconfirmed at a time; the others, and all while
  /// the broker is blocked, wait here. After an error any of the messages may have arrived.
  /// - Parameter timeout: for all of them together.
  /// - Returns: an outcome for each message, in their order.
  /// - Throws: ``AMQPError/channelClosed(code:text:)`` with 404 if an exchange does not exist — then the other
  ///   messages in flight fail as well, and the next call works again; ``AMQPError/blocked(_:)`` or
  ///   ``AMQPError/timeout(_:)`` at the end of `timeout`; ``AMQPError/invalidArgument(_:)`` for a message that cannot
  ///   be sent; or why the connection ended.
  package func publish(
    _ messages: [OutgoingMessage], timeout: Duration = .seconds(30)
  ) async throws(AMQPError) -> [PublishOutcome] {
    try checkOpen()
    if messages.isEmpty { return [] }
    return try await withCheckedContinuation { continuation in
      let expiry = Expiry()
      let deadline = deadlines.schedule(at: .now + timeout) { self.giveUp(on: expiry.batch) }
      let batch = PublishBatch(messages, deadline: deadline, continuation: continuation)
      expiry.batch = batch
      publishing.append(batch)
      pump()
    }.get()
  }

  /// Lets an expiry know the batch that is made after it.
  private final class Expiry {
    var batch: PublishBatch?
  }

  /// Whether a message may be sent now.
  var canPublish: Bool {
    guard case .open = state, blockedReason == nil else { return false }
    return publishing.current != nil && publishing.inFlight.count < options.publishWindow
      && writer.pending < Self.outputLimit
  }

  /// Writes as many of the messages that wait as may be sent now.
  func pump() {
    while canPublish, let batch = publishing.current {
      do throws(AMQPError) {
        let channel = try publishingChannel()
        while !batch.isSent, canPublish {
          try writer.write(batch.messages[batch.next], channel: channel.id.number)
          publishing.inFlight.track(batch.advance())
        }
      } catch {
        finish(batch, .failure(error))
      }
      publishing.dropDone()
    }
  }

  private func publishingChannel() throws(AMQPError) -> Channel {
    if let channel = publishing.channel { return channel }
    let channel = try openChannel(.publishing)
    try writer.write(.confirmSelect, channel: channel.id.number)
    publishing.channel = channel
    return channel
  }

  /// Notes that the broker answers for a message, or for all up to it.
  func settle(
    _ tag: UInt64, multiple: Bool, _ outcome: PublishOutcome, on channel: Channel
  ) throws(AMQPError) {
    guard channel === publishing.channel else { throw .protocolViolation("a confirmation where nothing is published") }
    try publishing.inFlight.settle(tag: tag, multiple: multiple) { message in
      message.batch.settle(message.index, message.returned ?? outcome)
      if message.batch.isFinished { deadlines.cancel(message.batch.deadline) }
    }
  }

  /// Notes that a message came back. The broker returns them in the order of publishing and before it confirms them,
  /// so of several that look alike the oldest is meant.
  func noteReturn(_ outcome: PublishOutcome, exchange: String, routingKey: String, messageID: String?) {
    publishing.inFlight.updateFirst { inFlight in
      let message = inFlight.message
      guard inFlight.returned == nil, message.routingKey == routingKey, message.exchange == exchange,
        message.properties.messageID == messageID
      else { return false }
      inFlight.returned = outcome
      return true
    }
  }

  /// The broker has closed the channel: what was sent on it fails, what was not goes over the next one.
  func dropPublishing(_ error: AMQPError) {
    for batch in publishing.abandonChannel() { finish(batch, .failure(error)) }
    publishing.dropDone()
  }

  private func giveUp(on batch: PublishBatch?) {
    guard let batch, !batch.isFinished else { return }
    if let blockedReason {
      batch.finish(.failure(.blocked(blockedReason)))
    } else {
      batch.finish(.failure(.timeout("the confirmation of \(batch.messages.count) messages")))
    }
    publishing.dropDone()
  }

  private func finish(_ batch: PublishBatch, _ result: Result<[PublishOutcome], AMQPError>) {
    deadlines.cancel(batch.deadline)
    batch.finish(result)
  }
}
