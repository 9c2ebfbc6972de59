package import Pipeline

/// How a run ended, to be recorded by whoever holds its token.
package struct Conclusion: Sendable {
  package enum Ending: Sendable {
    /// `adopted`: the output was made before, for another asset or an earlier wish.
    case finished(StageOutput, adopted: Bool)
    /// Windows are recorded and more are left; no attempt is counted.
    case continued
    /// Parked for so long. `countsAttempt` is false where nobody is to blame.
    case parked(for: Duration, StageFailure, countsAttempt: Bool)
    /// Parked until another worker has ended its run of the same shared recipe, or its lease.
    case awaiting(StageFailure)
    case dead(StageFailure, DeadLetter)
    /// Given back at a stop, to be taken by anybody at once.
    case returned

    /// Whether the run waits in the database afterwards.
    var isParking: Bool {
      switch self {
      case .continued, .parked, .awaiting, .returned: true
      case .finished, .dead: false
      }
    }
  }

  package let claim: Claim
  package let ending: Ending
  package let attempts: Int
  package let duration: Duration
  /// What the stage costs: the results of costly ones are shared, and quick ones leave no windows behind.
  package let cost: StagePolicy.Cost
  /// The W3C trace context that its next message belongs to, where the run is parked.
  package let trace: String?

  package init(
    claim: Claim, ending: Ending, attempts: Int, duration: Duration, cost: StagePolicy.Cost, trace: String? = nil
  ) {
    self.claim = claim
    self.ending = ending
    self.attempts = attempts
    self.duration = duration
    self.cost = cost
    self.trace = trace
  }

  /// Whether others may adopt the result; false where making it is cheaper.
  var isShared: Bool { cost == .costly }

  /// The dead letter that it leaves; nil unless it gives up.
  var burial: Burial? {
    guard case .dead(let failure, let letter) = ending else { return nil }
    return Burial(letter: letter, asset: claim.asset, failure: failure, attempts: attempts)
  }
}

/// What came of recording a conclusion.
package struct RecordOutcome: Sendable {
  /// The lane in which the asset's work goes on; nil where the token was no longer the run's: somebody else works on a
  /// newer wish, or took over, or the asset was removed.
  package let lane: Lane?
  /// The asset after the record, with what others have committed; nil if there is none.
  package let snapshot: AssetSnapshot?
}
