import Concurrency
import Synchronization
import Testing

@Suite struct PermitPoolTests {
  /// What tasks note down together.
  final class Notes: Sendable {
    private let state = Mutex((now: 0, most: 0, order: [Int]()))

    var most: Int { state.withLock { $0.most } }
    var order: [Int] { state.withLock { $0.order } }

    func enter(_ count: Int) {
      state.withLock {
        $0.now += count
        $0.most = max($0.most, $0.now)
      }
    }
    func leave(_ count: Int) { state.withLock { $0.now -= count } }
    func append(_ value: Int) { state.withLock { $0.order.append(value) } }
  }

  @Test(arguments: 1...4)
  func `never more hold permits than there are`(capacity: Int) async throws {
    let pool = PermitPool(permits: capacity)
    let notes = Notes()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<200 {
        group.addTask {
          let count = index % capacity + 1
          try await pool.withPermits(count, priority: index % 3) {
            notes.enter(count)
            await Task.yield()
            notes.leave(count)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(notes.most <= capacity)
  }

  @Test func `the most urgent goes first, equals in their order`() async throws {
    let pool = PermitPool(permits: 1)
    let notes = Notes()
    let started = Bell()
    let mayEnd = Bell()
    let holder = Task {
      try await pool.withPermits {
        started.ring()
        await mayEnd.wait(atMost: .seconds(10))
      }
    }
    await started.wait(atMost: .seconds(10))
    var tasks: [Task<Void, any Error>] = []
    for priority in [1, 3, 2, 3] {
      let entered = Bell()
      tasks.append(
        Task {
          entered.ring()
          try await pool.withPermits(priority: priority) { notes.append(priority) }
        })
      await entered.wait(atMost: .seconds(10))
      while pool.waiting < tasks.count { await Task.yield() }
    }
    mayEnd.ring()
    try await holder.value
    for task in tasks { try await task.value }
    #expect(notes.order == [3, 3, 2, 1])
  }

  @Test func `a cancelled waiter leaves and takes no permit`() async throws {
    let pool = PermitPool(permits: 1)
    try await pool.withPermits {
      let waiter = Task { try await pool.withPermits {} }
      while pool.waiting < 1 { await Task.yield() }
      waiter.cancel()
      await #expect(throws: CancellationError.self) { try await waiter.value }
    }
    try await pool.withPermits {}
  }

  @Test func `a wait that is too long ends with a word of its own, and takes no permit`() async throws {
    let pool = PermitPool(permits: 1)
    _ = try await pool.withPermits {
      await #expect(throws: PermitPool.NoneFree(waited: .milliseconds(10))) {
        try await pool.withPermits(waitingAtMost: .milliseconds(10)) {}
      }
    }
    try await pool.withPermits(waitingAtMost: .seconds(60)) {}
  }
}
