/// How a stage is run: what does not change its results.
package struct StagePolicy: Sendable, Equatable {
  /// What a stage costs, which decides how eagerly it is shared, cached and limited.
  package enum Cost: String, Sendable {
    /// Milliseconds; claimed and recorded in large batches.
    case quick
    /// Seconds of processor time: takes a permit of the process's pool.
    case heavy
    /// Paid for, or minutes of work: its results are cached and its recipe is leased, so that it is done once.
    case costly
  }

  /// Runs at a time in one process, and messages taken ahead. Batches form across stages, so that more than 128 of one
  /// stage made nothing quicker, and each costs about 12 KB.
  package var concurrency: Int
  /// The longest that one run may take before it is cancelled and counts as a transient failure.
  package var deadline: Duration
  /// Starts before a transient failure becomes a dead letter.
  package var attempts: Int
  package var cost: Cost
  /// The longest pause after the first transient failure; it doubles with each further one.
  package var firstPause: Duration
  /// The longest pause after any.
  package var longestPause: Duration

  /// Starts before a failure of unknown cause becomes a dead letter, where ``attempts`` allows more.
  package static let attemptsOfUnknown = 2

  /// Deliveries never near the broker's acknowledgement timeout of 30 minutes.
  package static let longestDeadline = Duration.seconds(20 * 60)

  package init(
    concurrency: Int = 128, deadline: Duration = .seconds(60), attempts: Int = 5, cost: Cost = .quick,
    firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(15 * 60)
  ) {
    precondition(concurrency > 0 && attempts > 0 && deadline <= Self.longestDeadline)
    precondition(firstPause > .zero && longestPause >= firstPause)
    self.concurrency = concurrency
    self.deadline = deadline
    self.attempts = attempts
    self.cost = cost
    self.firstPause = firstPause
    self.longestPause = longestPause
  }
}
