/// Turns the acknowledgements of one turn into as few frames as can say them.
///
/// The broker numbers the deliveries of a channel from one. When everything up to a tag is settled, one `multiple`
/// acknowledgement says so; what is acknowledged out of order is said one by one, so that nothing waits for a slow
/// neighbour. A `multiple` acknowledgement must name a tag that the broker still waits for, so it ends at the last one
/// acknowledged in this turn.
package struct AckCoalescer {
  /// A `basic.ack`.
  package struct Frame: Sendable, Equatable {
    package let tag: UInt64
    package let multiple: Bool
  }

  private enum State { case waiting, acknowledged, settled }

  /// The states of the deliveries from `base` on.
  private var states: [State] = []
  private var head = 0
  private var base: UInt64 = 1
  private var acknowledged: [UInt64] = []

  package init() {}

  /// Whether ``take()`` has something to say.
  package var isDirty: Bool { !acknowledged.isEmpty }

  /// Notes a delivery.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)`` if it does not carry the next number.
  package mutating func deliver(_ tag: UInt64) throws(AMQPError) {
    let next = base + UInt64(states.count - head)
    guard tag == next else { throw .protocolViolation("delivery \(tag) came where \(next) was next") }
    states.append(.waiting)
  }

  /// Notes an acknowledgement, to be sent with the next ``take()``. Tags that are settled already, and tags that were
  /// never delivered, are ignored.
  package mutating func acknowledge(_ tag: UInt64) {
    guard let index = waitingIndex(tag) else { return }
    states[index] = .acknowledged
    acknowledged.append(tag)
  }

  /// Notes a negative acknowledgement.
  ///
  /// - Returns: whether to send it, before the next ``take()``.
  package mutating func reject(_ tag: UInt64) -> Bool {
    guard let index = waitingIndex(tag) else { return false }
    states[index] = .settled
    return true
  }

  /// The frames that say what was acknowledged since the last time.
  package mutating func take() -> [Frame] {
    guard !acknowledged.isEmpty else { return [] }
    var lastOfPrefix: UInt64?
    var countOfPrefix = 0
    while head < states.count, states[head] != .waiting {
      if states[head] == .acknowledged {
        lastOfPrefix = base
        countOfPrefix += 1
      }
      head += 1
      base += 1
    }
    var frames: [Frame] = []
    if let lastOfPrefix { frames.append(Frame(tag: lastOfPrefix, multiple: countOfPrefix > 1)) }
    for tag in acknowledged where tag >= base {
      states[head + Int(tag - base)] = .settled
      frames.append(Frame(tag: tag, multiple: false))
    }
    acknowledged.removeAll(keepingCapacity: true)
    // Moving the rest down costs no more than what was settled since the last time.
    if head == states.count || head > 1024 && head > states.count / 2 {
      states.removeFirst(head)
      head = 0
    }
    return frames
  }

  private func waitingIndex(_ tag: UInt64) -> Int? {
    guard tag >= base, tag - base < UInt64(states.count - head) else { return nil }
    let index = head + Int(tag - base)
    return states[index] == .waiting ? index : nil
  }
}
