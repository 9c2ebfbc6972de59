internal import Concurrency
internal import Synchronization

/// The deliveries of a consumer that nobody has taken yet, and who waits for some; touched by its connection alone.
///
/// It makes sure of that at run time: the compiler does not see every closure that is not isolated to the connection.
final class ConsumerState {
  /// Tells one wait from the others, and whether it was cancelled before it began.
  final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() { cancelled.store(true, ordering: .releasing) }
  }

  typealias Batch = Result<[AMQPDelivery]?, AMQPError>

  let queue: String
  private var deliveries: [AMQPDelivery] = []
  private var waiters: [(ticket: Ticket, continuation: CheckedContinuation<Batch, Never>)] = []
  private var end: Batch?
  private let loop: EventLoop

  init(queue: String, loop: EventLoop) {
    self.queue = queue
    self.loop = loop
  }

  func add(_ delivery: AMQPDelivery) {
    loop.checkIsolated()
    if end == nil { deliveries.append(delivery) }
  }

  /// Hands what has come to who waits longest.
  func handOver() {
    guard !waiters.isEmpty, let batch = next() else { return }
    waiters.removeFirst().continuation.resume(returning: batch)
  }

  /// What a caller gets without waiting: all that has come, then the end.
  private func next() -> Batch? {
    loop.checkIsolated()
    guard !deliveries.isEmpty else { return end }
    let batch = deliveries
    deliveries = []
    // The next batch is likely to be as large.
    deliveries.reserveCapacity(batch.count)
    return .success(batch)
  }

  /// Resumes with what there is, or as soon as there is something.
  func wait(_ continuation: CheckedContinuation<Batch, Never>, _ ticket: Ticket) {
    if let batch = next() {
      continuation.resume(returning: batch)
    } else if ticket.isCancelled {
      continuation.resume(returning: .success(nil))
    } else {
      waiters.append((ticket, continuation))
    }
  }

  /// Ends one wait with nothing.
  func cancelWait(_ ticket: Ticket) {
    guard let index = waiters.firstIndex(where: { $0.ticket === ticket }) else { return }
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
