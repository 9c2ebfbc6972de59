internal import Synchronization

/// Lets a run say how far it is once a second: people see no more, and the database should not either.
final class ProgressThrottle: Sendable {
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  private static let interval = Duration.seconds(1)

  /// Whether enough time has gone by since it last said so.
  func admits() -> Bool {
    last.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < Self.interval { return false }
      last = now
      return true
    }
  }
}
