import Concurrency
import Glibc
import Synchronization
import Testing

@Suite struct BlockingPoolTests {
  /// Holds the pool's threads until it is opened.
  final class Barrier: Sendable {
    private let (begins, begun) = AsyncStream.makeStream(of: Void.self)
    private let isOpen = Atomic(false)

    func block() {
      begun.yield()
      while !isOpen.load(ordering: .acquiring) { usleep(1000) }
    }

    func open() { isOpen.store(true, ordering: .releasing) }
    func begin() async { await begins.first { true } }
  }

  /// Counts who is inside at once.
  final class Occupancy: Sendable {
    private let count = Atomic(0)

    /// - Returns: how many are inside with the caller.
    func visit() -> Int {
      defer { count.subtract(1, ordering: .relaxed) }
      let now = count.add(1, ordering: .relaxed).newValue
      usleep(1000)
      return now
    }
  }

  @Test func `work is done and its value comes back`() async throws {
    let pool = BlockingPool(name: "test", threadCount: 3)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<500 { group.addTask { try await pool.run { number } } }
      var sum = 0
      for try await number in group { sum += number }
      #expect(sum == 500 * 499 / 2)
    }
  }

  @Test func `no more work is done at once than there are threads`() async throws {
    let pool = BlockingPool(name: "test", threadCount: 2)
    let occupancy = Occupancy()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await pool.run { occupancy.visit() } } }
      for try await now in group { #expect(now <= 2) }
    }
  }

  @Test func `work that waits is cancelled, work that began is done`() async throws {
    let pool = BlockingPool(name: "test", threadCount: 1)
    let barrier = Barrier()
    let first = Task {
      try await pool.run {
        barrier.block()
        return 1
      }
    }
    await barrier.begin()
    let second = Task { try await pool.run { 2 } }
    second.cancel()
    await #expect(throws: BlockingPool.Refusal.cancelled) { try await second.value }
    first.cancel()
    barrier.open()
    #expect(try await first.value == 1)
    #expect(try await pool.run { 3 } == 3)
  }

  @Test func `work over the capacity is refused`() async throws {
    let pool = BlockingPool(name: "test", threadCount: 1, capacity: 0)
    await #expect(throws: BlockingPool.Refusal.full(waiting: 0)) { try await pool.run {} }
  }
}
