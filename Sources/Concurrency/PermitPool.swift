internal import Synchronization

/// A bounded number of permits, given to the most urgent first and to equals in their order.
package final class PermitPool: Sendable {
  private struct Waiter {
    let number: UInt64
    let permits: Int
    let priority: Int
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var next: UInt64 = 0
    /// The most urgent first.
    var waiters: [Waiter] = []
    var cancelled: Set<UInt64> = []

    /// Whoever can go now. The first waits until it can; nobody overtakes it, so that large wishes are not starved.
    mutating func admit() -> [CheckedContinuation<Bool, Never>] {
      var admitted: [CheckedContinuation<Bool, Never>] = []
      while let first = waiters.first, first.permits <= free {
        free -= first.permits
        admitted.append(first.continuation)
        waiters.removeFirst()
      }
      return admitted
    }
  }

  /// All permits, free or not.
  package let capacity: Int
  private let state: Mutex<State>

  package init(permits: Int) {
    precondition(permits > 0)
    capacity = permits
    state = Mutex(State(free: permits))
  }

  /// How many wait for permits at the moment.
  package var waiting: Int { state.withLock { $0.waiters.count } }

  /// Whether no permit is free at the moment.
  package var isExhausted: Bool { state.withLock { $0.free == 0 } }

  /// Runs the body with permits.
  ///
  /// - Parameters:
  ///   - count: at most ``capacity``.
  ///   - priority: higher goes first.
  ///   - limit: the longest wait; nil to wait for as long as it takes.
  /// - Throws: what the body throws, ``NoneFree`` at the end of `limit`, or `CancellationError` if the task is
  ///   cancelled while it waits.
  package func withPermits<Value>(
    _ count: Int = 1, priority: Int = 0, waitingAtMost limit: Duration? = nil, _ body: () async throws -> Value
  ) async throws -> Value {
    precondition((1...capacity).contains(count))
    try await acquire(count, priority: priority, limit: limit)
    defer { release(count) }
    return try await body()
  }

  /// No permit came free in time.
  package struct NoneFree: Error, Equatable {
    package let waited: Duration

    package init(waited: Duration) { self.waited = waited }
  }

  /// - Returns: the number to wait under; nil where the permits were free, and are taken.
  private func take(_ count: Int) -> UInt64? {
    state.withLock { state in
      if state.waiters.isEmpty, count <= state.free {
        state.free -= count
        return nil
      }
      state.next += 1
      return state.next
    }
  }

  private func acquire(_ count: Int, priority: Int, limit: Duration?) async throws {
    if Task.isCancelled { throw CancellationError() }
    guard let number = take(count) else { return }
    let timer = limit.map { limit in
      Task {
        try await Task.sleep(for: limit)
        cancel(number)
      }
    }
    let isAdmitted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        enqueue(Waiter(number: number, permits: count, priority: priority, continuation: continuation))
      }
    } onCancel: {
      cancel(number)
    }
    timer?.cancel()
    state.withLock { _ = $0.cancelled.remove(number) }
    if isAdmitted { return }
    if let limit, !Task.isCancelled { throw NoneFree(waited: limit) }
    throw CancellationError()
  }

  private func enqueue(_ waiter: Waiter) {
    let (isCancelled, admitted) = state.withLock { state -> (Bool, [CheckedContinuation<Bool, Never>]) in
      if state.cancelled.remove(waiter.number) != nil { return (true, []) }
      let place = state.waiters.firstIndex { $0.priority < waiter.priority } ?? state.waiters.endIndex
      state.waiters.insert(waiter, at: place)
      return (false, state.admit())
    }
    if isCancelled { waiter.continuation.resume(returning: false) }
    for continuation in admitted { continuation.resume(returning: true) }
  }

  private func cancel(_ number: UInt64) {
    let (cancelled, admitted) = state.withLock { state -> (Waiter?, [CheckedContinuation<Bool, Never>]) in
      guard let place = state.waiters.firstIndex(where: { $0.number == number }) else {
        // Not enqueued yet, or admitted: a mark for the first, and no harm for the second.
        state.cancelled.insert(number)
        return (nil, [])
      }
      let waiter = state.waiters.remove(at: place)
      return (waiter, state.admit())
    }
    cancelled?.continuation.resume(returning: false)
    for continuation in admitted { continuation.resume(returning: true) }
  }

  private func release(_ count: Int) {
    let admitted = state.withLock { state in
      state.free += count
      return state.admit()
    }
    for continuation in admitted { continuation.resume(returning: true) }
  }
}
