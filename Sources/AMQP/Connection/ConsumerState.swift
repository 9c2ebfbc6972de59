/// The deliveries of a consumer that nobody has taken yet, and who waits for some; touched by its connection alone.
final class ConsumerState {
  typealias Batch = Result<[AMQPDelivery]?, AMQPError>

  let queue: String
  private var deliveries: [AMQPDelivery] = []
  private var waiters: [(id: UInt64, continuation: CheckedContinuation<Batch, Never>)] = []
  private var end: Batch?

  init(queue: String) { self.queue = queue }

  func add(_ delivery: AMQPDelivery) {
    if end == nil { deliveries.append(delivery) }
  }

  /// Hands what has come to who waits longest.
  func handOver() {
    guard !waiters.isEmpty, let batch = next() else { return }
    waiters.removeFirst().continuation.resume(returning: batch)
  }

  /// What a caller gets without waiting: all that has come, then the end.
  func next() -> Batch? {
    guard !deliveries.isEmpty else { return end }
    defer { deliveries = [] }
    return .success(deliveries)
  }

  func wait(_ continuation: CheckedContinuation<Batch, Never>, id: UInt64) { waiters.append((id, continuation)) }

  /// Ends one wait with nothing.
  func cancelWait(id: UInt64) {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: index).continuation.resume(returning: .success(nil))
  }

  /// Takes no more deliveries; the first end counts. What has come before goes to who waits longest.
  func finish(_ error: AMQPError?) {
    guard end == nil else { return }
    handOver()
    end = if let error { .failure(error) } else { .success(nil) }
    for waiter in waiters { waiter.continuation.resume(returning: end ?? .success(nil)) }
    waiters = []
  }

  /// Takes out what nobody has taken yet.
  func takeRest() -> [AMQPDelivery] {
    defer { deliveries = [] }
    return deliveries
  }
}
