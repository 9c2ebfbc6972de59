internal import Synchronization

/// Raised once, when the process is to take nothing more.
final class DrainSignal: Sendable {
  private struct State {
    var isRaised = false
    var next = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Runs the action when the signal is raised, at once if it is.
  ///
  /// - Returns: what ``forget(_:)`` takes.
  func onRaise(_ action: @escaping @Sendable () -> Void) -> Int {
    let (isRaised, number) = state.withLock { state in
      state.next += 1
      if !state.isRaised { state.actions[state.next] = action }
      return (state.isRaised, state.next)
    }
    if isRaised { action() }
    return number
  }

  func forget(_ number: Int) { state.withLock { _ = $0.actions.removeValue(forKey: number) } }

  /// Waits until it is raised; the cancellation of the task raises it.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in _ = onRaise { continuation.resume() } }
    } onCancel: {
      raise()
    }
  }

  func raise() {
    let actions = state.withLock { state in
      state.isRaised = true
      defer { state.actions = [:] }
      return state.actions.values.map { $0 }
    }
    for action in actions { action() }
  }
}
