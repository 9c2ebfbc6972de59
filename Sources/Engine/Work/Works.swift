internal import AMQP
internal import Blobs
internal import Concurrency
internal import Identifiers
internal import JSON
internal import Observability
internal import Pipeline
internal import PostgreSQL

/// What all handling of deliveries shares.
struct Works: Sendable {
  let pipeline: PipelineGraph
  let definitions: ActiveDefinitions
  let ledger: Ledger
  let blobs: any BlobStore
  let announcer: Announcer
  let outbox: OutboxPublisher
  let permits: PermitPool
  let scratchFolder: String
  let observer: StepObserver?
  let logger: Logger

  var planner: Planner { Planner(pipeline: pipeline, definitions: definitions.current) }

  func reached(_ step: EngineStep, _ stage: StageName) { observer?(step, stage) }

  /// Asks for stages of an asset, on behalf of a delivery, and awaits the broker's confirms.
  func announce(
    _ stages: [StageName], _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(CancellationError) {
    guard !stages.isEmpty else { return }
    try await announcer.announce(stages.map { taking.outgoing(for: $0, of: snapshot) })
  }

  /// Writes messages that no delivery stands behind, and has them published.
  func write(_ entries: [OutboxEntry]) async throws(CancellationError) {
    try await persist { connection throws(PostgresError) in try await Ledger.write(entries, on: connection) }
    outbox.nudge()
  }

  /// Gives up on a delivery for which there is no run: row and message of a dead letter.
  func bury(
    _ delivery: AMQPDelivery, stage: StageName, asset: AssetID?, failure: StageFailure
  ) async throws(CancellationError) {
    logger.warning("gave up on a message", [.stage: "\(stage)", .error: "\(failure)"])
    let letter = DeadLetter(delivery, stage: stage)
    try await persist { connection throws(PostgresError) in
      try await Ledger.write(
        letter, asset: asset, failure: failure, attempts: 1, context: ledger.context, on: connection)
    }
    outbox.nudge()
  }

  /// What to do about a database error that is no outage: outages are waited out below.
  func handle(
    _ error: PostgresError, _ delivery: AMQPDelivery, stage: StageName, asset: AssetID
  ) async throws(CancellationError) {
    if case .cancelled = error { throw CancellationError() }
    try await bury(delivery, stage: stage, asset: asset, failure: StageFailure(error))
  }

  /// Commits something that must not be lost; while it is refused for a passing reason, again.
  private func persist(
    _ body: @escaping @Sendable (PostgresTransaction) async throws(PostgresError) -> Void
  ) async throws(CancellationError) {
    while true {
      do throws(PostgresError) {
        return try await ledger.transaction(body)
      } catch {
        guard !Task.isCancelled else { throw CancellationError() }
        logger.error("cannot write to the database; trying again", [.error: "\(error)"])
        do { try await Task.sleep(for: .seconds(1)) } catch { throw CancellationError() }
      }
    }
  }
}

extension DeadLetter {
  init(_ delivery: AMQPDelivery, stage: StageName) {
    self.init(
      id: .next(), stage: stage, routingKey: delivery.routingKey, headers: delivery.portableHeaders,
      body: delivery.body)
  }
}
