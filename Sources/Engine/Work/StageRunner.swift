internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Takes a message for a stage: claims the run if the stage is stale now, runs it, records, announces.
struct StageRunner: Sendable {
  let works: Works
  let execution: StageExecution
  let stages: [StageName: any Stage]

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
        guard recipe.definition == stage.declaration.definition.digest else {
          // Another build is to make it: this one does not know how.
          return try await works.postpone(taking.delivery, stage: name, lane: taking.lane)
        }
        let claim = Claim(
          asset: snapshot.asset.id, stage: name, writes: stage.declaration.writes, recipe: recipe, lane: taking.lane)
        if try await work(StageRun(claim: claim, stage: stage, taking: taking), snapshot, plan) { return }
      case .upToDate, .outdated, .notApplicable, .blocked, .dead:
        // The predecessor may have crashed between its record and its announcement.
        try await forgetIdleRun(of: name, snapshot)
        return try await works.announce(after: stage, taking, snapshot)
      case .waiting:
        return try await forgetIdleRun(of: name, snapshot)
      case .running:
        return try await remind(of: name, taking)
      case .parked, nil:
        return
      }
      guard let fresh = try await works.ledger.snapshot(of: snapshot.asset.id) else { return }
      snapshot = fresh
    }
  }

  /// Somebody else has the run. If the delivery was somebody's before, it may be just theirs who has the run: dead by
  /// now, while its record is still being committed, or without its delivery. Then nobody is left to announce what
  /// follows, so it comes again until the run has ended.
  private func remind(of name: StageName, _ taking: Taking) async throws(PostgresError) {
    guard taking.wasTakenBefore else { return }
    try await works.postpone(
      taking.delivery, stage: name, lane: taking.lane, headers: taking.headersOfReminder)
  }

  /// A run that was asked for, waits for its time, or whose worker died, and that nobody wants any more is forgotten.
  private func forgetIdleRun(of name: StageName, _ snapshot: AssetSnapshot) async throws(PostgresError) {
    guard let run = snapshot.state.runs[name] else { return }
    switch run.phase {
    case .running(isAlive: false), .parked(isDue: true), .requested:
      try await works.ledger.forget(run, of: name, for: snapshot.asset.id)
    case .running, .parked, .done, .dead: return
    }
  }

  /// - Returns: false if an input changed meanwhile, so that the plan must be made anew.
  private func work(_ run: StageRun, _ snapshot: AssetSnapshot, _ plan: Plan) async throws(PostgresError) -> Bool {
    guard case .won(let attempts, let crashes) = try await works.ledger.claim(run.claim) else {
      try await remind(of: run.claim.stage, run.taking)
      return true
    }
    works.metrics[run.claim.stage]?.attempts.increment()
    works.reached(.claimed, run.claim.stage)
    let conclusions = Concluding(works: works, run: run, attempts: attempts)
    let isAlone = crashes >= AttemptPolicy.crashesBeforeIsolation
    return try await present(isAlone: isAlone) {
      () async throws(PostgresError) -> Bool in
      let work: Work
      do throws(PostgresError) {
        work = try await execute(run, snapshot, plan, crashes: crashes, isAlone: isAlone)
      } catch {
        // The claim is ours: whatever went wrong must not leave the run as running.
        work = Work(result: .failed(StageFailure(error)))
      }
      works.reached(.ran, run.claim.stage)
      guard let result = work.result else {
        try await conclusions.conclude(.returned)
        return false
      }
      try await conclusions.conclude(result, effects: work.effects)
      return true
    }
  }

  /// Does the work of a run, until it is recorded, beside others or alone in this process: one that crashed may do so
  /// again, and whoever is not recorded by then would be blamed as well.
  private func present(
    isAlone: Bool, _ body: () async throws(PostgresError) -> Bool
  ) async throws(PostgresError) -> Bool {
    do {
      return try await works.presence.withPermits(isAlone ? works.presence.capacity : 1, body)
    } catch let error as PostgresError {
      throw error
    } catch {
      throw .cancelled
    }
  }

  /// What came of a claimed run; no result where an input had changed.
  private struct Work {
    var result: StageExecution.Result?
    var effects: StageExecution.Effects?
  }

  private func execute(
    _ run: StageRun, _ snapshot: AssetSnapshot, _ plan: Plan, crashes: Int, isAlone: Bool
  ) async throws(PostgresError) -> Work {
    let declaration = run.stage.declaration
    guard let inputs = try await works.ledger.inputs(of: declaration, for: snapshot, plan: plan) else { return Work() }
    guard crashes < AttemptPolicy.maximumCrashes else {
      return Work(
        result: .failed(
          .permanent("worker.crashed", "the worker died \(crashes) times while it ran this, the last time alone")))
    }
    if isAlone, try await !works.ledger.isolate(run.claim) { return Work() }
    var work = Work()
    let result = try await execution.execute(
      run.stage, claim: run.claim, inputs: inputs, snapshot: snapshot)
    if case .finished(let output, _) = result {
      work.effects = execution.effects(
        of: run.stage, output: output, snapshot: snapshot, inputs: inputs, lane: run.claim.lane)
    }
    work.result = result
    return work
  }
}
