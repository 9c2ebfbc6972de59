internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

/// Takes a message for a stage: claims the run if the stage is stale now, runs it, records, announces.
struct StageRunner: Sendable {
  let works: Works
  let execution: StageExecution
  let stages: [StageName: any Stage]
  private let attempts = AttemptPolicy()

  init(works: Works, execution: StageExecution, stages: [any Stage]) {
    self.works = works
    self.execution = execution
    self.stages = Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0) })
  }

  /// Plans made in vain because an input changed between plan and work, before the message is left to the edit's own.
  private static let maximumPlans = 5

  func run(_ name: StageName, _ taking: Taking, _ snapshot: AssetSnapshot) async throws(PostgresError) {
    guard let stage = stages[name] else { return }
    var snapshot = snapshot
    for _ in 0..<Self.maximumPlans {
      let plan = works.planner.plan(snapshot.state)
      switch plan.statuses[name] {
      case .ready(let recipe):
        let claim = Claim(
          asset: snapshot.asset.id, stage: name, writes: stage.declaration.writes, recipe: recipe, lane: taking.lane,
          token: .random(in: 1 ... .max))
        if try await work(claim, stage, taking, snapshot, plan) { return }
      case .upToDate, .outdated, .notApplicable, .blocked, .dead:
        // The predecessor may have crashed between its record and its announcement.
        return try await announce(after: stage, taking, snapshot)
      case .waiting, .running, .parked, nil:
        return
      }
      guard let fresh = try await works.ledger.snapshot(of: snapshot.asset.id) else { return }
      snapshot = fresh
    }
  }

  /// - Returns: false if an input changed meanwhile, so that the plan must be made anew.
  private func work(
    _ claim: Claim, _ stage: any Stage, _ taking: Taking, _ snapshot: AssetSnapshot, _ plan: Plan
  ) async throws(PostgresError) -> Bool {
    guard case .won(let attempts, let crashes) = try await works.ledger.claim(claim) else { return true }
    works.reached(.claimed, claim.stage)
    let start = ContinuousClock.now
    guard let inputs = try await works.ledger.inputs(of: stage.declaration, for: snapshot, plan: plan) else {
      try await conclude(claim, .returned, attempts, start, stage, taking, effects: nil)
      return false
    }
    let ending: Conclusion.Ending
    var effects: StageExecution.Effects?
    if crashes >= AttemptPolicy.maximumCrashes {
      ending = .dead(
        .permanent("worker.crashed", "the worker died \(crashes) times while it ran this, the last time alone"),
        DeadLetter(taking.delivery, stage: claim.stage))
    } else {
      let result = try await execution.execute(
        stage, claim: claim, inputs: inputs, snapshot: snapshot,
        isAlone: crashes >= AttemptPolicy.crashesBeforeIsolation)
      ending = self.ending(of: result, claim: claim, attempts: attempts, stage: stage, taking: taking)
      if case .finished(let output, _) = result {
        effects = execution.effects(of: stage, output: output, snapshot: snapshot, inputs: inputs)
      }
    }
    works.reached(.ran, claim.stage)
    try await conclude(claim, ending, attempts, start, stage, taking, effects: effects)
    return true
  }

  private func ending(
    of result: StageExecution.Result, claim: Claim, attempts: Int, stage: any Stage, taking: Taking
  ) -> Conclusion.Ending {
    switch result {
    case .finished(let output, let adopted): return .finished(output, adopted: adopted)
    case .continued: return .continued
    case .busy:
      return .awaiting(
        StageFailure(.deferred(for: .seconds(60)), code: "recipe.busy", "another run makes the same result"))
    case .failed(let failure):
      switch self.attempts.verdict(on: failure, attempts: attempts, policy: stage.declaration.policy) {
      case .giveBack: return .returned
      case .park(let wait, let counts): return .parked(for: wait, failure, countsAttempt: counts)
      case .dead: return .dead(failure, DeadLetter(taking.delivery, stage: claim.stage))
      }
    }
  }

  /// Records how the run ended and announces what follows from it.
  private func conclude(
    _ claim: Claim, _ ending: Conclusion.Ending, _ attempts: Int, _ start: ContinuousClock.Instant, _ stage: any Stage,
    _ taking: Taking, effects: StageExecution.Effects?
  ) async throws(PostgresError) {
    let conclusion = Conclusion(
      claim: claim, ending: ending, attempts: attempts, duration: .now - start,
      isShared: stage.declaration.policy.cost == .costly)
    let outcome = try await record(conclusion, effects)
    works.reached(.recorded, claim.stage)
    guard outcome.isAccepted, let snapshot = outcome.snapshot else { return }
    switch ending {
    case .finished: try await announce(after: stage, taking, snapshot)
    case .dead(let failure, _):
      works.logger.warning(
        "gave up", [.asset: "\(claim.asset)", .stage: "\(claim.stage)", .error: "\(failure)"])
      works.outbox.nudge()
      try await announce(after: stage, taking, snapshot)
    case .continued: try await announce([claim.stage], taking, snapshot)
    case .parked(let wait, let failure, _):
      works.logger.info(
        "parked for \(wait)", [.asset: "\(claim.asset)", .stage: "\(claim.stage)", .error: "\(failure)"])
    case .awaiting: break
    case .returned: break
    }
    works.reached(.announced, claim.stage)
  }

  private func record(
    _ conclusion: Conclusion, _ effects: StageExecution.Effects?
  ) async throws(PostgresError) -> RecordOutcome {
    guard let effects else { return try await works.ledger.record(conclusion) }
    let outcome = try await works.ledger.record(conclusion, effects: effects)
    works.outbox.nudge()
    return outcome
  }

  /// Announces what can run now that the stage was recorded or found settled.
  private func announce(
    after stage: any Stage, _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    let plan = works.planner.plan(snapshot.state)
    try await announce(plan.announcements(after: stage.declaration, in: works.pipeline), taking, snapshot)
  }

  private func announce(
    _ stages: [StageName], _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    do throws(CancellationError) { try await works.announce(stages, taking, snapshot) } catch { throw .cancelled }
  }
}
