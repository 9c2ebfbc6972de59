extension AMQPConnection {
  /// Does what a frame says.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)``, after which the connection cannot go on.
  func receive(_ frame: Frame) throws(AMQPError) {
    if case .heartbeat = frame.payload { return }
    if frame.channel == 0 { return try receiveControl(frame) }
    guard let channel = channels[frame.channel] else {
      throw .protocolViolation("a frame on channel \(frame.channel), which is not open")
    }
    if channel.isClosing { return try receiveLast(frame, on: channel) }
    switch frame.payload {
    case .method(let method):
      try receive(method, on: channel)
    case .header(let properties, let bodySize):
      let content = try channel.content.receive(properties, bodySize: bodySize, limit: options.maximumBodySize)
      if let content { try receive(content, on: channel) }
    case .body(let piece):
      if let content = try channel.content.receive(body: piece) { try receive(content, on: channel) }
    case .heartbeat:
      return
    }
  }

  private func receiveControl(_ frame: Frame) throws(AMQPError) {
    guard case .method(let method) = frame.payload else { throw .protocolViolation("a message on channel zero") }
    switch method {
    case .connectionClose(let code, let text):
      try writer.write(.connectionCloseOk, channel: 0)
      let transport = transport
      try writer.drain { (bytes) throws(AMQPError) in try transport.send(bytes) }
      end(.connectionClosed(code: code, text: text))
    case .connectionBlocked(let reason):
      setBlocked(reason, result: .success(()))
    case .connectionUnblocked:
      setBlocked(nil, result: .success(()))
    case .connectionCloseOk:
      try resolve(control, .method(method))
      // At once, before the broker's hanging up is taken for a loss.
      end(.closed)
    default:
      try resolve(control, .method(method))
    }
  }

  /// A frame on a channel that this side has closed.
  private func receiveLast(_ frame: Frame, on channel: Channel) throws(AMQPError) {
    switch frame.payload {
    case .method(.channelCloseOk):
      channels.remove(frame.channel)
      if channel.waiter != nil { try resolve(channel, .method(.channelCloseOk)) }
    case .method(.channelClose):
      try writer.write(.channelCloseOk, channel: frame.channel)
    default:
      return
    }
  }

  private func receive(_ method: ServerMethod, on channel: Channel) throws(AMQPError) {
    switch method {
    case .channelOpenOk, .basicQosOk, .confirmSelectOk:
      // What was written ahead of these answers would have closed the channel if it had failed.
      return
    case .channelClose(let code, let text):
      try writer.write(.channelCloseOk, channel: channel.id.number)
      drop(channel, .closedChannel(code: code, text: text))
    case .basicDeliver(let envelope):
      try channel.content.begin(.delivery(envelope))
    case .basicGetOk(let envelope, let remaining):
      try channel.content.begin(.got(envelope, remaining: remaining))
    case .basicReturn(let code, let text, let exchange, let routingKey):
      try channel.content.begin(.returned(code: code, text: text, exchange: exchange, routingKey: routingKey))
    case .basicAck(let tag, let multiple):
      try settle(tag, multiple: multiple, .confirmed, on: channel)
    case .basicNack(let tag, let multiple):
      try settle(tag, multiple: multiple, .rejected, on: channel)
    case .basicCancel:
      if case .consuming(let consumer) = channel.role { consumer.finish(.consumerCancelled(queue: consumer.queue)) }
    default:
      try resolve(channel, .method(method))
    }
  }

  private func receive(_ content: ContentAssembler.Content, on channel: Channel) throws(AMQPError) {
    switch (content.announcement, channel.role) {
    case (.delivery(let envelope), .consuming(let consumer)):
      try channel.acks.deliver(envelope.tag)
      consumer.add(AMQPDelivery(envelope, properties: content.properties, body: content.body))
      if consumersWithDeliveries.last !== consumer { consumersWithDeliveries.append(consumer) }
    case (.got(let envelope, let remaining), .pulling):
      try channel.acks.deliver(envelope.tag)
      try resolve(
        channel,
        .message(AMQPDelivery(envelope, properties: content.properties, body: content.body), remaining: remaining))
    case (.returned(let code, let text, let exchange, let routingKey), .publishing):
      noteReturn(
        .returned(code: code, text: text), exchange: exchange, routingKey: routingKey,
        messageID: content.properties.decoded.messageID)
    default:
      throw .protocolViolation("a message on a channel that does not take any")
    }
  }

  /// The broker has closed the channel: its number is free, and everything on it fails.
  private func drop(_ channel: Channel, _ error: AMQPError) {
    channels.remove(channel.id.number)
    if idleChannel === channel { idleChannel = nil }
    fail(channel, error)
    switch channel.role {
    case .calls, .pulling: return
    case .consuming(let consumer): consumer.finish(error)
    case .publishing: dropPublishing(error)
    }
  }
}
