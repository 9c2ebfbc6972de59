internal import Synchronization

/// Raised once.
final class Flag: Sendable {
  private let isRaised = Atomic(false)

  /// - Returns: whether this was the first time.
  func raise() -> Bool { !isRaised.exchange(true, ordering: .relaxed) }
}
