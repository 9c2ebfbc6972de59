internal import Synchronization

/// The meeting point of a thread that connects, a timer, and who waits for the first of them.
final class DialAttempt: Sendable {
  typealias Outcome = Result<Int32, AMQPError>

  private enum State {
    case open
    case awaited(CheckedContinuation<Outcome, Never>)
    case finishedEarly(Outcome)
    case over
  }

  private let state = Mutex(State.open)

  /// The first outcome. Whoever gets the descriptor owns it.
  func result() async -> Outcome {
    await withCheckedContinuation { continuation in
      let early: Outcome? = state.withLock { state in
        guard case .finishedEarly(let outcome) = state else {
          state = .awaited(continuation)
          return nil
        }
        state = .over
        return outcome
      }
      if let early { continuation.resume(returning: early) }
    }
  }

  /// Takes an outcome, and with it a descriptor: one that comes second is closed.
  func finish(_ outcome: Outcome) {
    let continuation: CheckedContinuation<Outcome, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .finishedEarly(outcome)
        return nil
      case .awaited(let continuation):
        state = .over
        return continuation
      case .finishedEarly, .over:
        // Dropping the owner closes the descriptor.
        if case .success(let descriptor) = outcome { _ = Socket(owning: descriptor) }
        return nil
      }
    }
    continuation?.resume(returning: outcome)
  }
}
