import Concurrency
import Testing

@Suite struct AsyncGateTests {
  @Test func `an open gate lets pass at once`() async throws {
    try await AsyncGate(isOpen: true).waitUntilOpen()
  }

  @Test func `all who wait pass when it is opened`() async throws {
    let gate = AsyncGate(isOpen: false)
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          arrived.yield()
          try await gate.waitUntilOpen()
        }
      }
      var arrival = arrivals.makeAsyncIterator()
      for _ in 0..<100 { await arrival.next() }
      #expect(!gate.isOpen)
      gate.open()
      try await group.waitForAll()
    }
  }

  @Test func `who waits when it opens passes, who comes after it closed waits`() async throws {
    let gate = AsyncGate(isOpen: false)
    let early = Task { try await gate.waitUntilOpen() }
    gate.open()
    try await early.value
    gate.close()
    let late = Task { try await gate.waitUntilOpen() }
    late.cancel()
    await #expect(throws: CancellationError.self) { try await late.value }
  }

  @Test func `a cancelled task stops waiting, the others go on`() async throws {
    let gate = AsyncGate(isOpen: false)
    let patient = Task { try await gate.waitUntilOpen() }
    for _ in 0..<100 {
      let impatient = Task { try await gate.waitUntilOpen() }
      impatient.cancel()
      await #expect(throws: CancellationError.self) { try await impatient.value }
    }
    gate.open()
    try await patient.value
  }

  @Test func `opening and cancelling at the same time ends the wait once`() async {
    for _ in 0..<500 {
      let gate = AsyncGate(isOpen: false)
      let waiter = Task { try await gate.waitUntilOpen() }
      async let opened: Void = gate.open()
      waiter.cancel()
      await opened
      _ = await waiter.result
    }
  }
}
