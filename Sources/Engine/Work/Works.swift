internal import AMQP
internal import Blobs
internal import Concurrency
internal import Identifiers
internal import JSON
internal import Observability
internal import Pipeline
internal import PostgreSQL

/// What all handling of deliveries shares.
final class Works: Sendable {
  let pipeline: PipelineGraph
  let definitions: ActiveDefinitions
  let ledger: Ledger
  let blobs: any BlobStore
  let announcer: Announcer
  let outbox: OutboxPublisher
  /// Permits for processor-heavy runs.
  let permits: PermitPool
  /// One for each run of this process; a run that must be alone takes all.
  let presence: PermitPool
  let bulkRuns: BulkRuns
  let circuits: Circuits
  /// What is agreed with providers, by their names.
  let terms: [String: ProviderTerms]
  let scratchFolder: String
  let metrics: EngineMetrics
  let observer: StepObserver?
  let logger: Logger
  /// Nil while nobody records spans.
  let tracer: Tracer?
  /// Deadlines of runs.
  let deadlines = DeadlineWatch()
  let recent = RecentSnapshots()

  init(
    pipeline: PipelineGraph, definitions: ActiveDefinitions, ledger: Ledger, blobs: any BlobStore,
    announcer: Announcer, outbox: OutboxPublisher, permits: PermitPool, presence: PermitPool, bulkRuns: BulkRuns,
    circuits: Circuits, terms: [String: ProviderTerms], scratchFolder: String, metrics: EngineMetrics,
    observer: StepObserver?, logger: Logger, tracer: Tracer?
  ) {
    self.pipeline = pipeline
    self.definitions = definitions
    self.ledger = ledger
    self.blobs = blobs
    self.announcer = announcer
    self.outbox = outbox
    self.permits = permits
    self.presence = presence
    self.bulkRuns = bulkRuns
    self.circuits = circuits
    self.terms = terms
    self.scratchFolder = scratchFolder
    self.metrics = metrics
    self.observer = observer
    self.logger = logger
    self.tracer = tracer
  }

  var planner: Planner { Planner(pipeline: pipeline, definitions: definitions.current) }

  func reached(_ step: EngineStep, _ stage: StageName) { observer?(step, stage) }

  /// Asks for stages of an asset, on behalf of a delivery, and awaits the broker's confirms.
  func announce(
    _ stages: [StageName], _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    guard !stages.isEmpty else { return }
    do throws(CancellationError) {
      try await announcer.announce(stages.map { taking.outgoing(for: $0, of: snapshot) })
    } catch { throw .cancelled }
  }

  /// Announces what can run now that the stage was recorded.
  func announce(
    after stage: StageDeclaration, _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    let plan = planner.plan(snapshot.state)
    recent.note(snapshot, plan)
    try await announce(after: stage, plan, taking, snapshot)
  }

  /// Announces what can run now that the stage was recorded or found settled.
  func announce(
    after stage: StageDeclaration, _ plan: Plan, _ taking: Taking, _ snapshot: AssetSnapshot
  ) async throws(PostgresError) {
    try await announce(plan.announcements(after: stage, in: pipeline), taking, snapshot)
  }

  /// Has a delivery come again after a while, to anybody.
  func postpone(
    _ delivery: AMQPDelivery, stage: StageName, lane: Lane, headers: JSON? = nil
  ) async throws(PostgresError) {
    let entry = OutboxEntry(
      exchange: "", routingKey: Topology.queue(stage, lane), messageID: delivery.properties.messageID?.withoutNUL,
      headers: headers ?? delivery.portableHeaders, body: delivery.body, delay: .seconds(5))
    try await ledger.transaction { connection throws(PostgresError) in
      try await Ledger.write([entry], on: connection)
    }
  }

  /// Gives up on a delivery for which there is no run: row and message of a dead letter.
  func bury(
    _ delivery: AMQPDelivery, stage: StageName, asset: AssetID?, failure: StageFailure
  ) async throws(PostgresError) {
    var metadata = delivery.logMetadata(stage: stage)
    metadata[.asset] = asset.map { "\($0)" }
    metadata[.error] = "\(failure)"
    logger.warning("gave up on a message", metadata)
    let burial = Burial(letter: DeadLetter(delivery, stage: stage), asset: asset, failure: failure, attempts: 1)
    try await ledger.transaction { connection throws(PostgresError) in
      try await Ledger.write([burial], context: self.ledger.context, on: connection)
    }
    outbox.nudge()
  }
}

extension AMQPDelivery {
  /// What log lines about it carry, where nobody knows of what asset it is.
  func logMetadata(stage: StageName) -> LogMetadata {
    var metadata: LogMetadata = [.stage: "\(stage)"]
    if case .string(let text) = header("traceparent") { metadata.add(traceparent: text) }
    return metadata
  }
}

extension DeadLetter {
  init(_ delivery: AMQPDelivery, stage: StageName) {
    self.init(
      id: .next(), stage: stage, routingKey: delivery.routingKey.withoutNUL, headers: delivery.portableHeaders,
      body: delivery.body)
  }
}
