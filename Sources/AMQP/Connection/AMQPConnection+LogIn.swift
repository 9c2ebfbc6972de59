extension AMQPConnection {
  /// What the client can do. Without `consumer_cancel_notify` a deleted queue means silence for ever; with
  /// `authentication_failure_close` a wrong password is told from a lost connection.
  private static let capabilities: FieldTable = [
    "publisher_confirms": true, "consumer_cancel_notify": true, "connection.blocked": true, "basic.nack": true,
    "authentication_failure_close": true,
  ]

  /// The largest frame that is asked for; RabbitMQ's own default.
  private static let frameLimit: UInt32 = 131_072

  /// Agrees with the broker on who asks, on the limits, and on the virtual host.
  func logIn(deadline: ContinuousClock.Instant) async throws(AMQPError) {
    loop.add(self)
    do throws(AMQPError) {
      let tuning = try await authenticate(deadline: deadline)
      try await openVirtualHost(tuning, deadline: deadline)
      // The connection may have ended between the last answer and this line.
      if case .closed(let reason) = state { throw reason }
      state = .open
    } catch {
      end(error)
      throw error
    }
  }

  private func authenticate(deadline: ContinuousClock.Instant) async throws(AMQPError) -> Tuning {
    writer.writeProtocolHeader()
    let greeting = try await answer(on: control, "the greeting of a broker", deadline: deadline)
    guard case .method(.connectionStart(let mechanisms, let serverProperties)) = greeting else {
      throw unexpected(greeting)
    }
    self.serverProperties = serverProperties
    guard mechanisms.split(separator: " ").contains("PLAIN") else {
      throw .authentication(user: url.user, text: "it offers \(mechanisms), not PLAIN")
    }
    let properties: FieldTable = [
      "product": "swift-amqp", "platform": "Swift", "connection_name": .string(options.clientName),
      "capabilities": .table(Self.capabilities),
    ]
    try writer.write(
      .connectionStartOk(properties: properties, user: url.user, password: url.password), channel: 0)
    do throws(AMQPError) {
      let answer = try await answer(on: control, "logging in", deadline: deadline)
      guard case .method(.connectionTune(let offer)) = answer else { throw unexpected(answer) }
      return agree(on: offer)
    } catch .connectionClosed(let code, let text) where code == 403 {
      throw .authentication(user: url.user, text: text)
    }
  }

  private func openVirtualHost(_ tuning: Tuning, deadline: ContinuousClock.Instant) async throws(AMQPError) {
    try writer.write(.connectionTuneOk(tuning), channel: 0)
    apply(tuning)
    try writer.write(.connectionOpen(vhost: url.vhost), channel: 0)
    do throws(AMQPError) {
      let answer = try await answer(on: control, "opening the virtual host '\(url.vhost)'", deadline: deadline)
      guard case .method(.connectionOpenOk) = answer else { throw unexpected(answer) }
    } catch .connectionClosed(let code, let text) where code == 402 || code == 403 || code == 530 {
      throw .vhost(url.vhost, text: text)
    }
  }

  /// The smaller of both sides' limits, where zero means none.
  private func agree(on offer: Tuning) -> Tuning {
    func smaller<Limit: FixedWidthInteger>(_ ours: Limit, _ theirs: Limit) -> Limit {
      theirs == 0 ? ours : ours == 0 ? theirs : min(ours, theirs)
    }
    let seconds = UInt16(clamping: url.heartbeat.components.seconds)
    return Tuning(
      channelMax: smaller(2047, offer.channelMax), frameMax: smaller(Self.frameLimit, offer.frameMax),
      heartbeat: seconds == 0 ? 0 : smaller(seconds, offer.heartbeat))
  }

  private func apply(_ tuning: Tuning) {
    channelMax = tuning.channelMax
    writer.frameMax = Int(tuning.frameMax)
    reader.frameMax = Int(tuning.frameMax)
    guard tuning.heartbeat > 0 else { return }
    heartbeat = Heartbeat(interval: .seconds(Int(tuning.heartbeat)), now: .now)
  }
}
