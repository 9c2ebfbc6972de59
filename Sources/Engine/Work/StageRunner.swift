internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Takes a message for a stage: claims the run if the stage is stale now, runs it, records, announces.
struct StageRunner: Sendable {
  let works: Works
  let execution: StageExecution
  private let stages: [StageName: any Stage]
  private let declarations: [StageName: StageDeclaration]

  init(works: Works, execution: StageExecution, stages: [any Stage]) {
    self.works = works
    self.execution = execution
    self.stages = Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0) })
    declarations = self.stages.mapValues(\.declaration)
  }

  /// Plans made in vain because an input changed between plan and work, before the message is left to the edit's own.
  private static let maximumPlans = 5

  /// What became of the wish to run a recipe.
  private enum Attempt {
    case concluded
    /// Somebody else has it, or had it.
    case held
    /// An input changed meanwhile, so that the plan must be made anew.
    case outrun
  }

  /// Runs a quick stage from what this process has just recorded of the asset, without reading it again.
  ///
  /// - Returns: false where that snapshot does not say that the stage is ready, or what it says is no longer so: then
  ///   the database decides.
  func runAtOnce(
    _ name: StageName, _ taking: Taking, _ snapshot: AssetSnapshot, _ plan: Plan
  ) async throws(PostgresError) -> Bool {
    guard let stage = stages[name], let declaration = declarations[name], declaration.policy.cost == .quick else {
      return false
    }
    guard case .ready(let recipe) = plan.statuses[name], recipe.definition == declaration.definition.digest else {
      return false
    }
    works.reached(.taken, name)
    let run = StageRun(recipe, of: stage, declaration, for: snapshot, taking, tracer: works.tracer)
    return try await work(run, snapshot, plan) == .concluded
  }

  func run(_ name: StageName, _ taking: Taking, _ snapshot: AssetSnapshot) async throws(PostgresError) {
    guard let stage = stages[name], let declaration = declarations[name] else { return }
    var snapshot = snapshot
    for _ in 0..<Self.maximumPlans {
      let plan = works.planner.plan(snapshot.state)
      switch plan.statuses[name] {
      case .ready(let recipe):
        guard recipe.definition == declaration.definition.digest else {
          // Another build is to make it: this one does not know how.
          return try await works.postpone(taking.delivery, stage: name, lane: taking.lane)
        }
        let run = StageRun(recipe, of: stage, declaration, for: snapshot, taking, tracer: works.tracer)
        switch try await work(run, snapshot, plan) {
        case .concluded: return
        case .held: return try await remind(of: name, taking)
        case .outrun: break
        }
      case .upToDate, .outdated, .notApplicable, .blocked, .dead:
        // The predecessor may have crashed between its record and its announcement.
        try await forgetIdleRun(of: name, snapshot)
        return try await works.announce(after: declaration, plan, taking, snapshot)
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

  private func work(_ run: StageRun, _ snapshot: AssetSnapshot, _ plan: Plan) async throws(PostgresError) -> Attempt {
    let claiming = try await works.ledger.claim(
      run.claim, reading: run.declaration.readable(in: snapshot.asset.mediaType))
    guard case .won(let attempts, let crashes, let stored) = claiming else { return .held }
    works.metrics[run.claim.stage]?.attempts.increment()
    works.reached(.claimed, run.claim.stage)
    let inputs = snapshot.inputs(of: run.declaration, plan: plan, stored: stored)
    let conclusions = Concluding(works: works, run: run, attempts: attempts)
    let isAlone = crashes >= AttemptPolicy.crashesBeforeIsolation
    return try await present(isAlone: isAlone) {
      () async throws(PostgresError) -> Attempt in
      let work: Work
      do throws(PostgresError) {
        work = try await execute(run, snapshot, inputs, crashes: crashes, isAlone: isAlone)
      } catch {
        // The claim is ours: whatever went wrong must not leave the run as running.
        work = Work(result: .failed(StageFailure(error)))
      }
      works.reached(.ran, run.claim.stage)
      guard let result = work.result else {
        try await conclusions.conclude(.returned)
        return .outrun
      }
      try await conclusions.conclude(result, effects: work.effects)
      return .concluded
    }
  }

  /// Does the work of a run, until it is recorded, beside others or alone in this process: one that crashed may do so
  /// again, and whoever is not recorded by then would be blamed as well.
  private func present(
    isAlone: Bool, _ body: () async throws(PostgresError) -> Attempt
  ) async throws(PostgresError) -> Attempt {
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
    _ run: StageRun, _ snapshot: AssetSnapshot, _ inputs: [ArtifactKind: StageInput]?, crashes: Int, isAlone: Bool
  ) async throws(PostgresError) -> Work {
    guard let inputs else { return Work() }
    guard crashes < AttemptPolicy.maximumCrashes else {
      return Work(
        result: .failed(
          .permanent("worker.crashed", "the worker died \(crashes) times while it ran this, the last time alone")))
    }
    if isAlone, try await !works.ledger.isolate(run.claim) { return Work() }
    var work = Work()
    let result = try await execution.execute(run, inputs: inputs, snapshot: snapshot)
    if case .finished(let output, _) = result {
      work.effects = execution.effects(of: run, output: output, snapshot: snapshot, inputs: inputs)
    }
    work.result = result
    return work
  }
}
