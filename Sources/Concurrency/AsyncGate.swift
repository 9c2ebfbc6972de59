internal import Synchronization

/// A gate that tasks wait before while it is closed.
package final class AsyncGate: Sendable {
  private struct State {
    var isOpen: Bool
    var waiters: [WaitSlot] = []
  }

  private let state: Mutex<State>

  package init(isOpen: Bool) { state = Mutex(State(isOpen: isOpen)) }

  package var isOpen: Bool { state.withLock { $0.isOpen } }

  /// Lets all pass who wait and who come, until it is closed.
  package func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { _ = waiter.grant() }
  }

  /// Makes those wait who come from now on.
  package func close() { state.withLock { $0.isOpen = false } }

  /// Returns at once if the gate is open, else when it is opened, even if it is closed again right then.
  ///
  /// - Throws: if the task is cancelled while it waits.
  package func waitUntilOpen() async throws(CancellationError) {
    let slot = WaitSlot()
    let passes = state.withLock { state in
      if !state.isOpen { state.waiters.append(slot) }
      return state.isOpen
    }
    if passes { return }
    let isGranted = await slot.wait { [self] in
      state.withLock { state in state.waiters.removeAll { $0 === slot } }
    }
    if !isGranted { throw CancellationError() }
  }
}
