internal import Concurrency
package import PostgreSQL
internal import Synchronization

/// Keeps work from a database that is down: after a failure that says so, one caller probes with growing pauses and
/// all others wait for it.
///
/// Closed, everybody goes through. Open, one probe at a time is let through; its success closes the circuit.
package final class Circuit: Sendable {
  package enum State: String, Sendable {
    case closed
    case open
  }

  private struct Status {
    var state = State.closed
    var isProbing = false
    var failures = 0
    var outages = 0
    var waiting: [CheckedContinuation<Void, Never>] = []

    mutating func endProbe() -> [CheckedContinuation<Void, Never>] {
      isProbing = false
      defer { waiting = [] }
      return waiting
    }
  }

  private enum Turn {
    case through
    case probe(after: Duration)
    case wait
  }

  private let status = Mutex(Status())
  private let backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
  private let onChange: @Sendable (State, PostgresError?) -> Void

  /// - Parameter onChange: told when it opens, with the reason, and when it closes.
  package init(onChange: @escaping @Sendable (State, PostgresError?) -> Void = { _, _ in }) {
    self.onChange = onChange
  }

  package var state: State { status.withLock { $0.state } }

  /// How often it has opened.
  package var outages: Int { status.withLock { $0.outages } }

  /// Runs the operation; where the database is down, again until it is not.
  ///
  /// - Throws: what is no outage, and ``PostgresError/cancelled`` when the task is cancelled while it waits.
  package func run<Value: Sendable>(
    _ operation: () async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    while true {
      let isProbe = try await enter()
      do throws(PostgresError) {
        let value = try await operation()
        if isProbe { close() }
        return value
      } catch {
        if error.isOutage { open(error, isProbe: isProbe) } else if isProbe { close() }
        guard error.isOutage, !Task.isCancelled else { throw error }
      }
    }
  }

  /// Waits for a turn. Returns whether the caller is the probe of an open circuit.
  private func enter() async throws(PostgresError) -> Bool {
    while true {
      switch turn() {
      case .through: return false
      case .probe(let pause):
        do { try await Task.sleep(for: pause) } catch {
          resume(status.withLock { $0.endProbe() })
          throw .cancelled
        }
        return true
      case .wait: await waitForProbe()
      }
    }
  }

  private func turn() -> Turn {
    status.withLock { status in
      guard status.state == .open else { return .through }
      guard !status.isProbing else { return .wait }
      status.isProbing = true
      return .probe(after: backoff.delay(attempt: status.failures))
    }
  }

  private func waitForProbe() async {
    await withCheckedContinuation { continuation in
      let isOver = status.withLock { status in
        if status.isProbing { status.waiting.append(continuation) }
        return !status.isProbing
      }
      if isOver { continuation.resume() }
    }
  }

  private func close() {
    let waiting = status.withLock { status in
      status.failures = 0
      status.state = .closed
      return status.endProbe()
    }
    onChange(.closed, nil)
    resume(waiting)
  }

  private func open(_ error: PostgresError, isProbe: Bool) {
    let (isNew, waiting) = status.withLock { status in
      let isNew = status.state == .closed
      status.state = .open
      if isNew { status.outages += 1 }
      if isProbe || isNew { status.failures += 1 }
      return (isNew, isProbe ? status.endProbe() : [])
    }
    if isNew { onChange(.open, error) }
    resume(waiting)
  }

  private func resume(_ continuations: [CheckedContinuation<Void, Never>]) {
    for continuation in continuations { continuation.resume() }
  }
}
