extension AMQPConnection {
  /// Opens a channel: what is written to it may follow at once, the broker's answer is not waited for.
  func openChannel(_ role: Channel.Role) throws(AMQPError) -> Channel {
    try checkOpen()
    guard let number = channels.firstFree(upTo: channelMax) else {
      throw .invalidArgument("all \(channelMax) channels of the connection are in use; close consumers or pullers")
    }
    lastSerial += 1
    let channel = Channel(id: Channel.ID(number: number, serial: lastSerial), role: role)
    try writer.write(.channelOpen, channel: number)
    channels.insert(channel)
    return channel
  }

  /// The channel, unless it has ended.
  func channel(_ id: Channel.ID) -> Channel? {
    guard let channel = channels[id.number], channel.id == id, !channel.isClosing else { return nil }
    return channel
  }

  /// Sends a method and waits for its answer.
  ///
  /// - Parameter what: for the error when no answer comes in time.
  func call(
    _ method: ClientMethod, on channel: Channel, _ what: @autoclosure () -> String, timeout: Duration? = nil
  ) async throws(AMQPError) -> Channel.Reply {
    try writer.write(method, channel: channel.id.number)
    return try await answer(on: channel, what(), deadline: .now + (timeout ?? options.callTimeout))
  }

  /// Makes a call on a channel that serves nothing else, because an error closes the channel that it happens on.
  func callAside(_ method: ClientMethod, _ what: @autoclosure () -> String) async throws(AMQPError) -> ServerMethod {
    try checkOpen()
    let channel: Channel
    if let idleChannel {
      channel = idleChannel
      self.idleChannel = nil
    } else {
      channel = try openChannel(.calls)
    }
    do throws(AMQPError) {
      let reply = try await call(method, on: channel, what())
      guard case .method(let answer) = reply else { throw unexpected(reply) }
      if idleChannel == nil { idleChannel = channel } else { beginClosing(channel) }
      return answer
    } catch {
      if self.channel(channel.id) != nil { beginClosing(channel) }
      throw error
    }
  }

  /// Waits for the next answer on a channel.
  func answer(
    on channel: Channel, _ what: String, deadline: ContinuousClock.Instant
  ) async throws(AMQPError) -> Channel.Reply {
    if case .closed(let reason) = state { throw reason }
    return try await withCheckedContinuation { continuation in
      let deadline = deadlines.schedule(at: deadline) { self.giveUp(on: channel, what) }
      channel.waiter = Channel.Waiter(continuation: continuation, deadline: deadline)
    }.get()
  }

  /// Resumes who waits on the channel.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)`` if nobody does.
  func resolve(_ channel: Channel, _ reply: Channel.Reply) throws(AMQPError) {
    guard let waiter = channel.waiter else { throw .protocolViolation("an answer that nobody asked for") }
    channel.waiter = nil
    deadlines.cancel(waiter.deadline)
    waiter.continuation.resume(returning: .success(reply))
  }

  /// Fails who waits on the channel, if anybody does.
  func fail(_ channel: Channel, _ error: AMQPError) {
    guard let waiter = channel.waiter else { return }
    channel.waiter = nil
    deadlines.cancel(waiter.deadline)
    waiter.continuation.resume(returning: .failure(error))
  }

  /// An answer of the wrong kind: nothing that follows can be trusted.
  func unexpected(_ reply: Channel.Reply) -> AMQPError {
    let error = AMQPError.protocolViolation("an answer of another kind than was asked for: \(reply)")
    end(error)
    return error
  }

  /// Closes a channel from this side; what still comes on it is ignored.
  func beginClosing(_ channel: Channel) {
    guard case .open = state, !channel.isClosing else { return }
    write(acksOf: channel)
    channel.isClosing = true
    try? writer.write(.channelClose, channel: channel.id.number)
  }

  private func giveUp(on channel: Channel, _ what: String) {
    if let blockedReason {
      fail(channel, .blocked(blockedReason))
    } else {
      fail(channel, .timeout(what))
    }
    if channel !== control { beginClosing(channel) }
  }
}
