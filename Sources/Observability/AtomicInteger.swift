internal import Synchronization

/// A whole number that any thread may change.
final class AtomicInteger: Sendable {
  private let number = Atomic<Int>(0)

  var value: Int { number.load(ordering: .relaxed) }

  func increment() { number.wrappingAdd(1, ordering: .relaxed) }
}
