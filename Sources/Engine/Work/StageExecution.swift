internal import Blobs
internal import Concurrency
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

/// Runs a stage's work: off the event loop, under its deadline, with a permit and a scratch folder, unless the
/// result is there already.
struct StageExecution: Sendable {
  enum Result: Sendable {
    case finished(StageOutput, adopted: Bool)
    case continued
    /// Another worker makes the same costly result.
    case busy
    case failed(StageFailure)
  }

  let works: Works
  let projections: [any Projection<PostgresTransaction, PostgresError>]

  func execute(
    _ stage: any Stage, claim: Claim, inputs: [ArtifactKind: StageInput], snapshot: AssetSnapshot
  ) async throws(PostgresError) -> Result {
    if stage.declaration.policy.cost == .costly {
      switch try await works.ledger.share(claim, for: snapshot) {
      case .adopted(let output):
        works.metrics[claim.stage]?.cacheHits.increment()
        return .finished(output, adopted: true)
      case .busy: return .busy
      case .leased:
        works.metrics[claim.stage]?.cacheMisses.increment()
        works.reached(.leased, claim.stage)
      }
    }
    return await run(stage, claim: claim, inputs: inputs, snapshot: snapshot)
  }

  private func run(
    _ stage: any Stage, claim: Claim, inputs: [ArtifactKind: StageInput], snapshot: AssetSnapshot
  ) async -> Result {
    let scratch = ScratchFolder("\(works.scratchFolder)/\(claim.token)")
    defer { scratch.remove() }
    let policy = stage.declaration.policy
    let yielding = YieldSignal()
    let context = RunContext(
      asset: snapshot.asset, definition: stage.declaration.definition, scratch: scratch, claim: claim,
      inputs: inputs, ledger: works.ledger, blobs: works.blobs, metrics: works.metrics, yielding: yielding,
      circuits: works.circuits, terms: works.terms,
      reached: { [works] in works.reached($0, claim.stage) })
    do {
      let outcome = try await withPermit(stage, claim, yielding) {
        try await withDeadline(policy.deadline) { try await offLoop { try await stage.run(context) } }
      }
      switch outcome {
      case .finished(let output): return .finished(output, adopted: false)
      case .continued: return .continued
      }
    } catch {
      return .failed(Task.isCancelled ? .stopping : StageFailure(running: error, of: stage.declaration))
    }
  }

  /// Work never runs on the event loop, even if the task that asks for it prefers that.
  private func offLoop<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { try await body() }
  }

  /// With the longest run behind it, a delivery stays below the broker's acknowledgement timeout of 30 minutes.
  private static let longestWait = Duration.seconds(8 * 60)

  /// A heavy run takes a permit: people before back-fill, and later stages first.
  private func withPermit<Value: Sendable>(
    _ stage: any Stage, _ claim: Claim, _ yielding: YieldSignal, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    guard stage.declaration.policy.cost != .quick else { return try await body() }
    let place = works.pipeline.stages.firstIndex { $0.name == stage.name } ?? 0
    guard claim.lane == .bulk else {
      if works.permits.isExhausted { works.bulkRuns.makeRoom() }
      return try await works.permits.withPermits(
        priority: works.pipeline.stages.count + place, waitingAtMost: Self.longestWait, body)
    }
    return try await works.permits.withPermits(priority: place, waitingAtMost: Self.longestWait) {
      works.bulkRuns.begin(claim, yielding)
      defer { works.bulkRuns.end(claim) }
      return try await body()
    }
  }
}

extension StageExecution {
  typealias Effects = @Sendable (PostgresTransaction) async throws(PostgresError) -> Void

  /// What is written together with an output beyond the artifact: children, and rows of projections.
  ///
  /// - Returns: nil where there is nothing, so that the record can share a transaction with others.
  func effects(
    of stage: any Stage, output: StageOutput, snapshot: AssetSnapshot, inputs: [ArtifactKind: StageInput], lane: Lane
  ) -> Effects? {
    let projections = projections.filter { $0.stage == stage.name }
    let hasChildren = stage.declaration.hasChildren
    guard hasChildren || !projections.isEmpty else { return nil }
    let children = stage.children(of: output, for: snapshot.asset)
    return { connection throws(PostgresError) in
      if hasChildren { try await Ledger.replace(children: children, of: snapshot, lane: lane, on: connection) }
      for projection in projections {
        try await projection.apply(to: snapshot.asset, inputs: inputs, on: connection)
      }
    }
  }
}
