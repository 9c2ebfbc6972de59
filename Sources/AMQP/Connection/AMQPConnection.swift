package import Concurrency

/// A connection to a broker, on an event loop's thread.
///
/// It never connects again by itself: when it ends, everything that is pending fails with the reason, ``closed()``
/// returns it, and whoever holds the connection opens another. Use separate connections for publishing and for
/// consuming: a broker short of memory or disk stops reading from those that publish.
///
/// Nothing here blocks: methods are written to a buffer that is sent once a turn of the loop as far as the socket
/// takes it, and answers resume who waits for them, channel by channel. librabbitmq encodes and decodes; its own
/// socket code, which would block, is not used.
package actor AMQPConnection {
  enum State {
    case opening
    case open
    case closing
    case closed(AMQPError)
  }

  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  package nonisolated let url: AMQPURL
  nonisolated let options: Options

  let transport: any Transport
  var reader = FrameReader()
  var writer = FrameWriter()
  var state = State.opening
  var deadlines = Deadlines()
  var heartbeat: Heartbeat?

  /// Channel zero, where the connection itself is spoken of.
  let control = Channel(id: Channel.ID(number: 0, serial: 0), role: .calls)
  var channels = ChannelTable()
  var channelMax: UInt16 = 0
  var lastSerial: UInt64 = 0
  /// A channel for calls that is open and unused.
  var idleChannel: Channel?
  var channelsWithAcks: [Channel] = []
  var consumers: [UInt64: ConsumerState] = [:]
  var consumersWithDeliveries: [ConsumerState] = []
  var publishing = PublishQueue()

  /// What the broker says of itself, such as its `product` and `version`.
  package internal(set) var serverProperties: FieldTable = [:]

  /// Why the broker takes no messages at present, or nil if it does.
  package internal(set) var blockedReason: String?
  var unblockedWaiters: [CheckedContinuation<Result<Void, AMQPError>, Never>] = []
  var closedWaiters: [CheckedContinuation<AMQPError, Never>] = []

  init(url: AMQPURL, loop: EventLoop, options: Options, transport: sending any Transport) {
    self.url = url
    self.loop = loop
    self.options = options
    self.transport = transport
  }

  /// Connects and logs in.
  ///
  /// The loop holds the connection until it ends, so ``close()`` it.
  /// - Throws: ``AMQPError`` of the cases `connectionRefused`, `tls`, `authentication`, `vhost`, `connectionLost`,
  ///   `connectionClosed`, `protocolViolation`; or `timeout` when ``Options/connectTimeout`` is over.
  package static func connect(
    to url: AMQPURL, on loop: EventLoop, options: Options = Options()
  ) async throws(AMQPError) -> AMQPConnection {
    let deadline = ContinuousClock.now + options.connectTimeout
    let socket = try await Dialer.connect(host: url.host, port: url.port, deadline: deadline)
    let plain = PlainTransport(socket)
    let connection =
      if url.isSecure {
        AMQPConnection(
          url: url, loop: loop, options: options,
          transport: try TLSTransport(plain, host: url.host, caCertificate: url.caCertificate))
      } else {
        AMQPConnection(url: url, loop: loop, options: options, transport: plain)
      }
    try await connection.logIn(deadline: deadline)
    return connection
  }

  /// Waits until the connection has ended.
  ///
  /// - Returns: why; ``AMQPError/closed`` if ``close()`` was called.
  package func closed() async -> AMQPError {
    if case .closed(let reason) = state { return reason }
    return await withCheckedContinuation { closedWaiters.append($0) }
  }

  /// Sends what is acknowledged, says good-bye and ends. What was delivered and not acknowledged, the broker delivers
  /// again to somebody.
  package func close() async {
    guard case .open = state else {
      // Whoever closes a second time waits for the first.
      if case .closing = state { _ = await closed() }
      return
    }
    writeAcks()
    state = .closing
    // The end is the same whether the broker answers or not.
    _ = try? await call(.connectionClose, on: control, "closing the connection", timeout: options.closeTimeout)
    end(.closed)
  }

  /// Waits until the broker takes messages.
  ///
  /// - Throws: why the connection ended meanwhile.
  package func waitUntilUnblocked() async throws(AMQPError) {
    try checkOpen()
    guard blockedReason != nil else { return }
    try await withCheckedContinuation { unblockedWaiters.append($0) }.get()
  }

  /// Runs `body` with the connection: at once if the caller is on the loop's thread, so that work that stays there pays
  /// for no change of executors, else soon.
  nonisolated func onLoop(_ body: @escaping @Sendable (isolated AMQPConnection) -> Void) {
    if loop.isCurrent {
      assumeIsolated { body($0) }
    } else {
      Task(executorPreference: loop.taskExecutor) { await body(self) }
    }
  }

  /// - Throws: why the connection cannot be used.
  func checkOpen() throws(AMQPError) {
    switch state {
    case .open: return
    case .opening, .closing: throw .closed
    case .closed(let reason): throw reason
    }
  }

  /// Ends the connection: everything that is pending fails with the reason. The first reason counts.
  func end(_ reason: AMQPError) {
    if case .closed = state { return }
    state = .closed(reason)
    loop.remove(self)
    transport.close()
    deadlines = Deadlines()
    fail(control, reason)
    for channel in channels.all {
      fail(channel, reason)
      // Also of a consumer that has just begun, and that nobody has been given yet.
      if case .consuming(let consumer) = channel.role { consumer.finish(reason) }
    }
    channels = ChannelTable()
    idleChannel = nil
    for consumer in consumers.values { consumer.finish(reason) }
    for batch in publishing.abandonAll() { batch.finish(.failure(reason)) }
    setBlocked(nil, result: .failure(reason))
    for waiter in closedWaiters { waiter.resume(returning: reason) }
    closedWaiters = []
  }

  func setBlocked(_ reason: String?, result: Result<Void, AMQPError>) {
    blockedReason = reason
    guard reason == nil else { return }
    for waiter in unblockedWaiters { waiter.resume(returning: result) }
    unblockedWaiters = []
  }
}
