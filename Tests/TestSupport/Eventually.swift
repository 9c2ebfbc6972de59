/// Awaits something that can only be observed from outside, such as the depth of a queue or the end of a process.
///
/// Only for what gives no signal of its own; where there is one, await it. Looks at growing intervals, from 2 ms to
/// 200 ms, so that a condition that holds soon costs no time.
///
/// - Throws: ``DeadlineExceeded`` if the condition did not hold in time, or what `condition` throws.
package func eventually(
  _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + limit
  var interval = Duration.milliseconds(2)
  while try await !condition() {
    guard clock.now < deadline else { throw DeadlineExceeded(what: what, limit: limit) }
    try await clock.sleep(for: interval)
    interval = min(interval * 2, .milliseconds(200))
  }
}

/// What a test waited for did not happen in time.
package struct DeadlineExceeded: Error, CustomStringConvertible {
  let what: String
  let limit: Duration

  package var description: String { "expected within \(limit): \(what)" }
}
