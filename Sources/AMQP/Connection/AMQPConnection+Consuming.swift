extension AMQPConnection {
  /// Starts to consume a queue.
  ///
  /// - Parameter prefetch: how many messages are delivered ahead of their acknowledgement, 1 or more.
  /// - Throws: ``AMQPError/channelClosed(code:text:)`` with 404 if there is no such queue.
  package func consume(queue: String, prefetch: UInt16) async throws(AMQPError) -> AMQPConsumer {
    guard prefetch > 0 else { throw .invalidArgument("a prefetch of 0 means without limit; use 1 or more") }
    let consumer = ConsumerState(queue: queue, loop: loop)
    let channel = try openChannel(.consuming(consumer))
    try writer.write(.basicQos(prefetch: prefetch), channel: channel.id.number)
    let reply: Channel.Reply
    do throws(AMQPError) {
      reply = try await call(.basicConsume(queue: queue), on: channel, "consuming the queue '\(queue)'")
    } catch {
      if self.channel(channel.id) != nil { beginClosing(channel) }
      throw error
    }
    guard case .method(.basicConsumeOk(let consumerTag)) = reply else { throw unexpected(reply) }
    consumers[channel.id.serial] = consumer
    return AMQPConsumer(connection: self, channel: channel.id, queue: queue, consumerTag: consumerTag)
  }

  /// Starts to take single messages from a queue.
  package func pull(queue: String) throws(AMQPError) -> AMQPPuller {
    AMQPPuller(connection: self, channel: try openChannel(.pulling).id, queue: queue)
  }

  nonisolated func nextBatch(of id: Channel.ID) async throws(AMQPError) -> [AMQPDelivery]? {
    let ticket = ConsumerState.Ticket()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        onLoop { $0.wait(for: id, ticket, continuation) }
      }
    } onCancel: {
      // First the note, then the look: whoever waits later sees the one, whoever waits already is found by the other.
      ticket.cancel()
      onLoop { $0.consumers[id.serial]?.cancelWait(ticket) }
    }.get()
  }

  private func wait(
    for id: Channel.ID, _ ticket: ConsumerState.Ticket, _ continuation: CheckedContinuation<ConsumerState.Batch, Never>
  ) {
    guard let consumer = consumers[id.serial] else { return continuation.resume(returning: .success(nil)) }
    consumer.wait(continuation, ticket)
  }

  /// Ends the deliveries; the channel stays for acknowledgements.
  func cancel(_ id: Channel.ID, consumerTag: String) async throws(AMQPError) {
    // Whoever cancels a second time does not wait for the first.
    guard let channel = channel(id), let consumer = consumers[id.serial], channel.waiter == nil else { return }
    let reply = try await call(
      .basicCancel(consumerTag: consumerTag), on: channel, "cancelling the consumer of '\(consumer.queue)'")
    guard case .method(.basicCancelOk) = reply else { throw unexpected(reply) }
    for delivery in consumer.takeRest() { nack([delivery.tag], requeue: true, on: id) }
    consumer.finish(nil)
  }

  func get(_ queue: String, on id: Channel.ID) async throws(AMQPError) -> (AMQPDelivery, remaining: Int)? {
    guard let channel = channel(id) else { throw whyEnded }
    guard channel.waiter == nil else { throw .invalidArgument("a puller takes one message at a time") }
    let reply = try await call(.basicGet(queue: queue), on: channel, "taking a message from '\(queue)'")
    switch reply {
    case .message(let delivery, let remaining): return (delivery, remaining)
    case .method(.basicGetEmpty): return nil
    default: throw unexpected(reply)
    }
  }

  func ack(_ tags: some Sequence<UInt64>, on id: Channel.ID) {
    guard let channel = channel(id) else { return }
    let wasDirty = channel.acks.isDirty
    for tag in tags { channel.acks.acknowledge(tag) }
    if channel.acks.isDirty, !wasDirty { channelsWithAcks.append(channel) }
  }

  func nack(_ tags: some Sequence<UInt64>, requeue: Bool, on id: Channel.ID) {
    guard let channel = channel(id) else { return }
    for tag in tags where channel.acks.reject(tag) { write(.basicNack(tag: tag, requeue: requeue), on: channel) }
  }

  /// Closes the channel and forgets its consumer, without waiting.
  func release(_ id: Channel.ID) {
    consumers.removeValue(forKey: id.serial)?.finish(nil)
    if let channel = channel(id) { beginClosing(channel) }
  }

  /// Closes the channel and waits until the broker has done so: what was not acknowledged is back in its queue then.
  func close(_ id: Channel.ID) async {
    let channel = channel(id)
    release(id)
    guard let channel, channel.waiter == nil else { return }
    // The end is the same whether the broker answers or not.
    _ = try? await answer(on: channel, "closing a channel", deadline: .now + options.closeTimeout)
  }

  /// Writes the acknowledgements of this turn.
  func writeAcks() {
    for channel in channelsWithAcks where !channel.isClosing { write(acksOf: channel) }
    channelsWithAcks.removeAll(keepingCapacity: true)
  }

  func write(acksOf channel: Channel) {
    for frame in channel.acks.take() { write(.basicAck(tag: frame.tag, multiple: frame.multiple), on: channel) }
  }

  private func write(_ acknowledgement: ClientMethod, on channel: Channel) {
    guard channels[channel.id.number] === channel else { return }
    do throws(AMQPError) {
      try writer.write(acknowledgement, channel: channel.id.number)
    } catch {
      end(error)
    }
  }

  private var whyEnded: AMQPError { if case .closed(let reason) = state { reason } else { .closed } }
}
