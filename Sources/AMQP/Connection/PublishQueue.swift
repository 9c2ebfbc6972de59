/// What waits to be published, and what is not confirmed yet; touched by its connection alone.
struct PublishQueue {
  /// The channel that publishes, opened with the first message.
  var channel: Channel?
  var inFlight = ConfirmTracker<PublishBatch.InFlight>()
  private var waiting: [PublishBatch] = []
  private var head = 0

  /// The batch whose messages are sent next.
  var current: PublishBatch? { head < waiting.count ? waiting[head] : nil }

  mutating func append(_ batch: PublishBatch) { waiting.append(batch) }

  /// Takes out what is sent or finished at the front.
  mutating func dropDone() {
    while let batch = current, batch.isSent || batch.isFinished { head += 1 }
    guard head == waiting.count || head > 1024 && head > waiting.count / 2 else { return }
    waiting.removeFirst(head)
    head = 0
  }

  /// The channel is gone: gives up what was sent on it.
  ///
  /// - Returns: the batches of which a part was sent.
  mutating func abandonChannel() -> [PublishBatch] {
    var batches = inFlight.unsettled.map(\.batch)
    if let current, current.next > 0 { batches.append(current) }
    channel = nil
    inFlight = ConfirmTracker()
    return batches
  }

  /// Takes out everything.
  mutating func abandonAll() -> [PublishBatch] {
    let batches = abandonChannel() + waiting[head...]
    waiting = []
    head = 0
    return batches
  }
}
