internal import Synchronization

/// Runs operations under deadlines, with one timer for all of them: for many short ones, which a timer each would cost
/// more than their work. ``withDeadline(_:_:)`` is exact, this looks once a second.
package final class DeadlineWatch: Sendable {
  fileprivate struct Entry {
    let deadline: ContinuousClock.Instant
    let cancel: @Sendable () -> Void
    var isOver = false
  }

  fileprivate struct State {
    var entries: [UInt64: Entry] = [:]
    var last: UInt64 = 0
    var isWatching = false
  }

  private static let interval = Duration.seconds(1)
  private let state = Mutex(State())

  package init() {}

  /// Runs the operation in a task of its own on the global pool, and cancels it up to a second after the end of the
  /// time, or when the caller is cancelled.
  ///
  /// It returns when the operation has, so one that ignores its cancellation is waited for.
  ///
  /// - Throws: what the operation throws, or ``DeadlineExceeded`` if it failed after the time was over.
  package func run<Value: Sendable>(
    within limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(executorPreference: globalConcurrentExecutor) { try await operation() }
    let number = add(Entry(deadline: .now + limit, cancel: { task.cancel() }))
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    let isOver = remove(number)
    do { return try result.get() } catch { throw isOver ? DeadlineExceeded(limit: limit) : error }
  }

  private func add(_ entry: Entry) -> UInt64 {
    let (number, begins) = state.withLock { state in
      state.last += 1
      state.entries[state.last] = entry
      defer { state.isWatching = true }
      return (state.last, !state.isWatching)
    }
    if begins { Task { await self.watch() } }
    return number
  }

  /// - Returns: whether the entry's time was over.
  private func remove(_ number: UInt64) -> Bool {
    state.withLock { $0.entries.removeValue(forKey: number)?.isOver ?? false }
  }

  /// Watches until there is nothing left to watch.
  @concurrent
  private func watch() async {
    while true {
      try? await Task.sleep(for: Self.interval)
      let (late, isIdle) = state.withLock { state in
        let late = state.takeLate(at: .now)
        state.isWatching = !state.entries.isEmpty
        return (late, state.entries.isEmpty)
      }
      for cancel in late { cancel() }
      if isIdle { return }
    }
  }
}

extension DeadlineWatch.State {
  /// Marks those whose time is over, and gives what cancels them.
  fileprivate mutating func takeLate(at now: ContinuousClock.Instant) -> [@Sendable () -> Void] {
    var late: [@Sendable () -> Void] = []
    for (number, entry) in entries where !entry.isOver && entry.deadline <= now {
      entries[number]?.isOver = true
      late.append(entry.cancel)
    }
    return late
  }
}
