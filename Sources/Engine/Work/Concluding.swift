internal import Observability
internal import Pipeline
internal import PostgreSQL

/// Records how a claimed run ended, and announces what follows from it.
struct Concluding: Sendable {
  let works: Works
  let run: StageRun
  /// Starts so far, this one included.
  let attempts: Int
  private let start = ContinuousClock.now
  private let policy = AttemptPolicy()

  /// The pause before a record is tried again that was refused for a passing reason.
  private static let pause = Duration.seconds(1)

  init(works: Works, run: StageRun, attempts: Int) {
    self.works = works
    self.run = run
    self.attempts = attempts
  }

  /// Concludes with what the execution came to. A result that the database refuses for good (a NUL byte in its text)
  /// is a dead letter.
  func conclude(
    _ result: StageExecution.Result, effects: StageExecution.Effects?
  ) async throws(PostgresError) {
    switch result {
    case .finished(let output, let isAdopted):
      do throws(PostgresError) {
        try await conclude(.finished(output, adopted: isAdopted), effects)
      } catch {
        guard error.consequence == .permanent else { throw error }
        try await conclude(after: StageFailure(error))
      }
    case .continued: try await conclude(.continued)
    case .busy:
      try await conclude(
        .awaiting(StageFailure(.deferred(for: .seconds(60)), code: "recipe.busy", "another run makes the same result")))
    case .failed(let failure): try await conclude(after: failure)
    }
  }

  /// Concludes with what follows from a failure.
  func conclude(after failure: StageFailure) async throws(PostgresError) {
    switch policy.verdict(on: failure, attempts: attempts, policy: run.declaration.policy) {
    case .giveBack: try await conclude(.returned)
    case .park(let wait, let counts): try await conclude(.parked(for: wait, failure, countsAttempt: counts))
    case .dead: try await conclude(.dead(failure, DeadLetter(run.taking.delivery, stage: run.claim.stage)))
    }
  }

  func conclude(
    _ ending: Conclusion.Ending, _ effects: StageExecution.Effects? = nil
  ) async throws(PostgresError) {
    let conclusion = Conclusion(
      claim: run.claim, ending: ending, attempts: attempts, duration: .now - start,
      cost: run.declaration.policy.cost, trace: ending.isParking ? run.traceparent : nil)
    let outcome = try await record(conclusion, effects)
    works.reached(.recorded, run.claim.stage)
    let metrics = works.metrics[run.claim.stage]
    guard let lane = outcome.lane, let snapshot = outcome.snapshot else {
      metrics?.leasesLost.increment()
      run.trace?.record(conclusion, outcome: nil)
      return
    }
    metrics?.record(conclusion)
    run.trace?.record(conclusion, outcome: StageMetrics.Outcome(ending))
    try await announce(after: ending, run.taking.going(on: lane, in: run.trace), snapshot)
    works.reached(.announced, run.claim.stage)
  }

  private func announce(
    after ending: Conclusion.Ending, _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    switch ending {
    case .finished: try await works.announce(after: run.declaration, taking, snapshot)
    case .dead(let failure, _):
      works.logger.warning("gave up", metadata(failure))
      works.outbox.nudge()
      try await works.announce(after: run.declaration, taking, snapshot)
    case .continued: try await works.announce([run.claim.stage], taking, snapshot)
    case .parked(let wait, let failure, _):
      works.logger.info("parked for \(wait)", metadata(failure))
    case .awaiting, .returned: break
    }
  }

  private func metadata(_ error: any Error) -> LogMetadata {
    var metadata = run.logMetadata(attempts: attempts)
    metadata[.error] = "\(error)"
    return metadata
  }

  /// Records, again while the database refuses it for a passing reason: the run is ours, nobody else would end it.
  private func record(
    _ conclusion: Conclusion, _ effects: StageExecution.Effects?
  ) async throws(PostgresError) -> RecordOutcome {
    while true {
      do throws(PostgresError) {
        guard let effects else { return try await works.ledger.record(conclusion) }
        let outcome = try await works.ledger.record(conclusion, effects: effects)
        works.outbox.nudge()
        return outcome
      } catch {
        guard error.consequence != .permanent, !Task.isCancelled else { throw error }
        works.logger.error("cannot record; trying again", metadata(error))
      }
      do { try await Task.sleep(for: Self.pause) } catch { throw .cancelled }
    }
  }
}
