extension AMQPConnection {
  /// Publishes messages and waits until the broker has answered for each.
  ///
  /// At most ``Options/publishWindow`` messages of a connection are unconfirmed at a time; the others, and all while
  /// the broker is blocked, wait here. After an error any of the messages may have arrived.
  /// - Parameters:
  ///   - timeout: for all of them together.
  ///   - onOutcome: told the outcome of the messages at some indices as soon as the broker has answered, on the loop's
  ///     thread: who waits for one message of many need not wait for all. ``AMQPConsumer/ackOnLoop(_:)`` can be called
  ///     here; it must not block.
  /// - Returns: an outcome for each message, in their order.
  /// - Throws: ``AMQPError/channelClosed(code:text:)`` with 404 if an exchange does not exist — then the other
  ///   messages in flight fail as well, and the next call works again; ``AMQPError/blocked(_:)`` or
  ///   ``AMQPError/timeout(_:)`` at the end of `timeout`; ``AMQPError/invalidArgument(_:)`` for a message that cannot
  ///   be sent; or why the connection ended.
  package nonisolated func publish(
    _ messages: [OutgoingMessage], timeout: Duration = .seconds(30),
    onOutcome: (@Sendable (Range<Int>, PublishOutcome) -> Void)? = nil
  ) async throws(AMQPError) -> [PublishOutcome] {
    try await withCheckedContinuation { continuation in
      onLoop { $0.publish(messages, timeout: timeout, onOutcome, continuation) }
    }.get()
  }

  private func publish(
    _ messages: [OutgoingMessage], timeout: Duration, _ onOutcome: PublishBatch.Observer?,
    _ continuation: CheckedContinuation<Result<[PublishOutcome], AMQPError>, Never>
  ) {
    do throws(AMQPError) {
      try checkOpen()
    } catch {
      return continuation.resume(returning: .failure(error))
    }
    if messages.isEmpty { return continuation.resume(returning: .success([])) }
    let batch = PublishBatch(messages, observer: onOutcome, continuation: continuation)
    publishing.append(batch)
    batch.deadline = deadlines.schedule(at: .now + timeout) { self.giveUp(on: batch) }
    pump()
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
    var runs: [PublishBatch.Run] = []
    try publishing.inFlight.settle(tag: tag, multiple: multiple) { message in
      if runs.isEmpty || !runs[runs.count - 1].append(message) { runs.append(PublishBatch.Run(message)) }
    }
    for run in runs {
      run.batch.settle(run.indices, outcome)
      if run.batch.isFinished { cancelDeadline(of: run.batch) }
    }
  }

  /// Notes that a message came back. The broker returns them in the order of publishing and before it confirms them,
  /// so of several that look alike the oldest is meant.
  func noteReturn(_ outcome: PublishOutcome, exchange: String, routingKey: String, messageID: String?) {
    let match = publishing.inFlight.first { inFlight in
      let message = inFlight.message
      return !inFlight.batch.isReturned(inFlight.index) && message.routingKey == routingKey
        && message.exchange == exchange && message.properties.messageID == messageID
    }
    if let match { match.batch.noteReturn(match.index, outcome) }
  }

  /// The broker has closed the channel: what was sent on it fails, what was not goes over the next one.
  func dropPublishing(_ error: AMQPError) {
    for batch in publishing.abandonChannel() { finish(batch, .failure(error)) }
    publishing.dropDone()
  }

  private func giveUp(on batch: PublishBatch) {
    guard !batch.isFinished else { return }
    if let blockedReason {
      batch.finish(.failure(.blocked(blockedReason)))
    } else {
      batch.finish(.failure(.timeout("the confirmation of \(batch.messages.count) messages")))
    }
    publishing.dropDone()
  }

  private func finish(_ batch: PublishBatch, _ result: Result<[PublishOutcome], AMQPError>) {
    cancelDeadline(of: batch)
    batch.finish(result)
  }

  private func cancelDeadline(of batch: PublishBatch) {
    if let deadline = batch.deadline { deadlines.cancel(deadline) }
  }
}
