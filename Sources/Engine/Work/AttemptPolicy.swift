internal import Concurrency
internal import Pipeline

/// What follows from a failed run: parked for how long, or dead.
struct AttemptPolicy: Sendable {
  enum Verdict: Equatable, Sendable {
    case park(for: Duration, countsAttempt: Bool)
    case dead
    case giveBack
  }

  /// A worker that dies of a recipe this often has died of it alone the last time.
  static let maximumCrashes = 3
  /// After this many crashes a run is taken alone, so that its neighbours do not pay.
  static let crashesBeforeIsolation = 2

  private let backoff = Backoff(base: .seconds(1), cap: .seconds(15 * 60))

  /// - Parameter attempts: starts so far, this one included.
  func verdict(on failure: StageFailure, attempts: Int, policy: StagePolicy) -> Verdict {
    switch failure.consequence {
    case .permanent: .dead
    case .interrupted: .giveBack
    case .deferred(let wait): .park(for: wait, countsAttempt: false)
    case .transient(let retryAfter):
      attempts >= policy.attempts
        ? .dead : .park(for: retryAfter ?? backoff.delay(attempt: attempts), countsAttempt: true)
    }
  }
}
