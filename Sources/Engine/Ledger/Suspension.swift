internal import Pipeline

/// A conclusion that leaves the run parked.
struct Suspension {
  let claim: Claim
  let milliseconds: Int64
  let countsAttempt: Bool
  let awaits: [UInt8]?
  let event: String
  let failure: StageFailure?
  let duration: Int64
  let trace: String?

  /// How long to wait at most for somebody else's run; its end wakes us earlier.
  private static let longestWait = Duration.seconds(60)

  /// What a provider asks for may be any number; PostgreSQL's dates are not.
  private static let longestPark = Duration.seconds(30 * 24 * 3600)

  init?(_ conclusion: Conclusion) {
    claim = conclusion.claim
    duration = conclusion.duration.milliseconds
    // What came with a message may be anything; the database takes no NUL.
    trace = conclusion.trace?.withoutNUL
    switch conclusion.ending {
    case .finished, .dead: return nil
    case .continued: (milliseconds, countsAttempt, awaits, event, failure) = (0, false, nil, "continued", nil)
    case .returned: (milliseconds, countsAttempt, awaits, event, failure) = (0, false, nil, "returned", nil)
    case .parked(let wait, let why, let counts):
      (milliseconds, countsAttempt, awaits, event, failure) = (
        min(wait, Self.longestPark).milliseconds, counts, nil, "parked", why.storable
      )
    case .awaiting(let why):
      (milliseconds, countsAttempt, awaits, event, failure) = (
        Self.longestWait.milliseconds, false, conclusion.claim.recipe.digest.bytes, "awaiting", why.storable
      )
    }
  }
}
