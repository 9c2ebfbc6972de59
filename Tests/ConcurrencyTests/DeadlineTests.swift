import Concurrency
import Testing

@Suite struct DeadlineTests {
  struct Refusal: Error {}

  @Test func `what ends in time is returned, and its error thrown`() async throws {
    #expect(try await withDeadline(.seconds(60)) { 7 } == 7)
    await #expect(throws: Refusal.self) { try await withDeadline(.seconds(60)) { throw Refusal() } }
  }

  @Test func `what does not is cancelled and named`() async {
    await #expect(throws: DeadlineExceeded(limit: .milliseconds(10))) {
      try await withDeadline(.milliseconds(10)) { try await Task.sleep(for: .seconds(60)) }
    }
  }

  @Test func `cancellation from outside is no deadline`() async {
    let task = Task { try await withDeadline(.seconds(60)) { try await Task.sleep(for: .seconds(60)) } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(arguments: 1...40)
  func `pauses grow to their cap and stay within their bounds`(attempt: Int) {
    let backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
    let bound = min(Duration.milliseconds(100) * (1 << min(attempt - 1, 20)), .seconds(5))
    for _ in 0..<20 {
      let delay = backoff.delay(attempt: attempt)
      #expect(delay >= bound / 2 && delay <= bound)
    }
  }
}
