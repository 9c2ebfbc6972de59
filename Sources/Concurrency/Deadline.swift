/// That an operation did not end in time.
package struct DeadlineExceeded: Error, Equatable, CustomStringConvertible {
  package let limit: Duration

  package init(limit: Duration) { self.limit = limit }

  package var description: String { "did not end within \(limit)" }
}

/// Runs the operation, and cancels it at the end of the time.
///
/// It returns when the operation has, so one that ignores its cancellation is waited for.
///
/// - Throws: what the operation throws, or ``DeadlineExceeded`` if it failed after the time was over.
@concurrent
package func withDeadline<Value: Sendable>(
  _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    var isOver = false
    while let result = await group.nextResult() {
      switch result {
      case .success(let value?):
        group.cancelAll()
        return value
      case .success(nil):
        // The timer: it ended early only if all of this was cancelled.
        isOver = !Task.isCancelled
        group.cancelAll()
      case .failure(let error):
        group.cancelAll()
        throw isOver ? DeadlineExceeded(limit: limit) : error
      }
    }
    throw CancellationError()
  }
}
