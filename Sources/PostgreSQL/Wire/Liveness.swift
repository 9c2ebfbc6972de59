internal import Synchronization

/// Whether a connection stands, for other threads to see.
final class Liveness: Sendable {
  private let alive = Atomic(true)

  var isAlive: Bool { alive.load(ordering: .relaxed) }

  func end() { alive.store(false, ordering: .relaxed) }
}
