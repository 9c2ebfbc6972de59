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
    _ run: StageRun, inputs: [ArtifactKind: StageInput], snapshot: AssetSnapshot
  ) async throws(PostgresError) -> Result {
    if run.declaration.policy.cost == .costly {
      switch try await works.ledger.share(run.claim, for: snapshot) {
      case .adopted(let output):
        works.metrics[run.claim.stage]?.cacheHits.increment()
        return .finished(output, adopted: true)
      case .busy: return .busy
      case .leased:
        works.metrics[run.claim.stage]?.cacheMisses.increment()
        works.reached(.leased, run.claim.stage)
      }
    }
    return await perform(run, inputs: inputs, snapshot: snapshot)
  }

  private func perform(_ run: StageRun, inputs: [ArtifactKind: StageInput], snapshot: AssetSnapshot) async -> Result {
    let scratch = ScratchFolder("\(works.scratchFolder)/\(run.claim.token)")
    defer { scratch.remove() }
    let yielding = YieldSignal()
    let context = RunContext(
      asset: snapshot.asset, definition: run.declaration.definition, cost: run.declaration.policy.cost,
      scratch: scratch, claim: run.claim, inputs: inputs, ledger: works.ledger, blobs: works.blobs,
      metrics: works.metrics, yielding: yielding, circuits: works.circuits, terms: works.terms,
      reached: { [works] in works.reached($0, run.claim.stage) })
    do {
      let outcome = try await withPermit(run, yielding) {
        try await works.deadlines.run(within: run.declaration.policy.deadline) { try await run.stage.run(context) }
      }
      switch outcome {
      case .finished(let output): return .finished(output, adopted: false)
      case .continued: return .continued
      }
    } catch {
      return .failed(Task.isCancelled ? .stopping : StageFailure(running: error, of: run.declaration))
    }
  }

  /// With the longest run behind it, a delivery stays below the broker's acknowledgement timeout of 30 minutes.
  private static let longestWait = Duration.seconds(8 * 60)

  /// A heavy run takes a permit: people before back-fill, and later stages first.
  private func withPermit<Value: Sendable>(
    _ run: StageRun, _ yielding: YieldSignal, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    guard run.declaration.policy.cost != .quick else { return try await body() }
    let claim = run.claim
    let place = works.pipeline.stages.firstIndex { $0.name == claim.stage } ?? 0
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
    of run: StageRun, output: StageOutput, snapshot: AssetSnapshot, inputs: [ArtifactKind: StageInput]
  ) -> Effects? {
    let projections = projections.filter { $0.stage == run.claim.stage }
    let hasChildren = run.declaration.hasChildren
    guard hasChildren || !projections.isEmpty else { return nil }
    let children = hasChildren ? run.stage.children(of: output, for: snapshot.asset) : []
    return { connection throws(PostgresError) in
      if hasChildren {
        try await Ledger.replace(
          children: children, of: snapshot, lane: run.claim.lane, trace: run.traceparent?.withoutNUL, on: connection)
      }
      for projection in projections {
        try await projection.apply(to: snapshot.asset, inputs: inputs, on: connection)
      }
    }
  }
}
