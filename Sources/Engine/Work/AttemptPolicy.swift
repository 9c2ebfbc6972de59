internal import Concurrency
package import Pipeline

/// What follows from a failed run: parked for how long, or dead.
package struct AttemptPolicy: Sendable {
  package enum Verdict: Equatable, Sendable {
    case park(for: Duration, countsAttempt: Bool)
    case dead
    case giveBack
  }

  /// A worker that dies of a recipe this often has died of it alone the last time.
  static let maximumCrashes = 3
  /// After this many crashes a run is taken alone, so that its neighbours do not pay.
  static let crashesBeforeIsolation = 2

  /// How soon to look again for what is down, where it did not say.
  private static let unavailable = Backoff(base: .seconds(5), cap: .seconds(5))

  package init() {}

  /// What follows from a failure.
  ///
  /// - Parameter attempts: starts so far, this one included.
  package func verdict(on failure: StageFailure, attempts: Int, policy: StagePolicy) -> Verdict {
    switch failure.consequence {
    case .permanent: .dead
    case .interrupted: .giveBack
    case .deferred(let wait): .park(for: wait, countsAttempt: false)
    case .unavailable(let retryAfter):
      .park(for: retryAfter ?? Self.unavailable.delay(attempt: 1), countsAttempt: false)
    case .transient(let retryAfter):
      again(after: retryAfter, attempts: attempts, of: policy.attempts, policy)
    case .unknown:
      again(after: nil, attempts: attempts, of: min(policy.attempts, StagePolicy.attemptsOfUnknown), policy)
    }
  }

  private func again(after wait: Duration?, attempts: Int, of most: Int, _ policy: StagePolicy) -> Verdict {
    guard attempts < most else { return .dead }
    let backoff = Backoff(base: policy.firstPause, cap: policy.longestPause)
    return .park(for: wait ?? backoff.delay(attempt: attempts), countsAttempt: true)
  }
}
