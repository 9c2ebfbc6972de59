internal import Synchronization

/// One wait of one task that can be ended in two ways, by what it waits for and by cancellation, whichever is first.
final class WaitSlot: Sendable {
  private enum State {
    case new
    case waiting(CheckedContinuation<Bool, Never>)
    case decided(Bool)
  }

  private let state = Mutex(State.new)

  /// Waits for the decision.
  ///
  /// - Parameter onCancel: called when the cancellation was the decision.
  /// - Returns: true if it was granted, false if the task was cancelled.
  func wait(onCancel: @escaping @Sendable () -> Void) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let decision: Bool? = state.withLock { state in
          if case .decided(let isGranted) = state { return isGranted }
          state = .waiting(continuation)
          return nil
        }
        if let decision { continuation.resume(returning: decision) }
      }
    } onCancel: {
      if decide(false) { onCancel() }
    }
  }

  /// Ends the wait.
  ///
  /// - Returns: false if it was cancelled before.
  func grant() -> Bool { decide(true) }

  private func decide(_ isGranted: Bool) -> Bool {
    let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Bool, Never>?) in
      defer { if case .decided = state {} else { state = .decided(isGranted) } }
      switch state {
      case .new: return (true, nil)
      case .waiting(let continuation): return (true, continuation)
      case .decided: return (false, nil)
      }
    }
    continuation?.resume(returning: isGranted)
    return isFirst
  }
}
