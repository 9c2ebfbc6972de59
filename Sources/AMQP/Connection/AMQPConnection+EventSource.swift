package import Concurrency

extension AMQPConnection: EventSource {
  /// Bytes that may wait for the socket before publishing pauses.
  static let outputLimit = 1 << 18

  package nonisolated var fileDescriptor: Int32 { assumeIsolated { $0.pollDescriptor } }

  package nonisolated func prepareToPoll() -> EventInterest { assumeIsolated { $0.prepare() } }

  package nonisolated func handleEvents(_ events: EventSet) { assumeIsolated { $0.handle(events) } }

  private var isEnded: Bool { if case .closed = state { true } else { false } }

  /// A negative descriptor is one that `poll` leaves out.
  private var pollDescriptor: Int32 { isEnded ? -1 : transport.fileDescriptor }

  private func prepare() -> EventInterest {
    let now = ContinuousClock.now
    for action in deadlines.takeDue(at: now) { action() }
    beat(now)
    if isEnded { return EventInterest(events: []) }
    writeAcks()
    pump()
    send(now)
    if isEnded { return EventInterest(events: []) }
    var interest = EventInterest(events: transport.waitsForRoom ? .all : .readable)
    interest.isImmediate = transport.hasBufferedInput || writer.pending == 0 && canPublish
    interest.timeoutMilliseconds = nextDeadline.map { max(0, now.duration(to: $0).milliseconds) }
    return interest
  }

  private var nextDeadline: ContinuousClock.Instant? {
    guard let heartbeat else { return deadlines.earliest }
    return min(deadlines.earliest ?? heartbeat.next, heartbeat.next)
  }

  private func beat(_ now: ContinuousClock.Instant) {
    guard let heartbeat else { return }
    if heartbeat.isPeerGone(at: now) {
      end(.connectionLost("the broker was silent for \(heartbeat.interval * 2)"))
    } else if heartbeat.mustSend(at: now) {
      self.heartbeat?.lastSent = now
      if writer.pending == 0 { writer.writeHeartbeat() }
    }
  }

  private func send(_ now: ContinuousClock.Instant) {
    guard writer.pending > 0 || transport.waitsForRoom else { return }
    let transport = transport
    let before = writer.pending
    do throws(AMQPError) {
      try writer.drain { (bytes) throws(AMQPError) in try transport.send(bytes) }
      if writer.pending < before { heartbeat?.lastSent = now }
    } catch {
      // The broker may have said why before it hung up.
      receive()
      end(error)
    }
  }

  private func handle(_ events: EventSet) {
    if events.saysToRead || transport.hasBufferedInput { receive() }
  }

  private func receive() {
    let transport = transport
    do throws(AMQPError) {
      try reader.fill { (room) throws(AMQPError) in try transport.receive(into: room) }
      heartbeat?.lastReceived = .now
      while !isEnded, let frame = try reader.next() { try receive(frame) }
    } catch {
      end(error)
    }
    for consumer in consumersWithDeliveries { consumer.handOver() }
    consumersWithDeliveries.removeAll(keepingCapacity: true)
  }
}
