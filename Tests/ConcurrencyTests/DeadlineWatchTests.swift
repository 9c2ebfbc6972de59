import Concurrency
import Testing

@Suite struct DeadlineWatchTests {
  private let watch = DeadlineWatch()

  @Test func `what ends in time gives its value, or its own error`() async throws {
    #expect(try await watch.run(within: .seconds(60)) { 7 } == 7)
    await #expect(throws: Refusal()) {
      try await watch.run(within: .seconds(60)) { throw Refusal() }
    }
  }

  @Test func `what takes too long is cancelled and says so, beside what has time left`() async throws {
    async let patient = watch.run(within: .seconds(60)) {
      try await Task.sleep(for: .milliseconds(1500))
      return "done"
    }
    await #expect(throws: DeadlineExceeded(limit: .milliseconds(10))) {
      try await watch.run(within: .milliseconds(10)) { try await Task.sleep(for: .seconds(60)) }
    }
    #expect(try await patient == "done")
  }

  @Test func `who is cancelled cancels what it waits for`() async throws {
    let waiting = Task { try await watch.run(within: .seconds(60)) { try await Task.sleep(for: .seconds(60)) } }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test func `it watches again after it had nothing to watch`() async throws {
    for _ in 1...2 {
      await #expect(throws: DeadlineExceeded.self) {
        try await watch.run(within: .milliseconds(1)) { try await Task.sleep(for: .seconds(60)) }
      }
    }
  }
}

private struct Refusal: Error, Equatable {}
