internal import AMQP
package import Blobs
internal import Concurrency
internal import Identifiers
package import Observability
package import Pipeline
package import PostgreSQL

internal import class FoundationEssentials.FileManager

/// A worker: consumes the queues of its stages, and does its share of upkeep.
package final class Engine: Sendable {
  private let configuration: EngineConfiguration
  private let pipeline: PipelineGraph
  private let stages: [any Stage]
  private let projections: [any Projection<PostgresTransaction, PostgresError>]
  private let client: PostgresClient
  private let heartbeatClient: PostgresClient
  private let blobs: any BlobStore
  private let observer: StepObserver?
  private let logger: Logger
  /// What it counts while it works.
  package let metrics: EngineMetrics
  private let registry: Metrics
  private let tracer: Tracer?
  private let draining = DrainSignal()

  /// - Parameters:
  ///   - client: for all work with the database.
  ///   - heartbeatClient: for the lease alone; one connection is enough.
  ///   - metrics: where it declares what it measures; one engine a registry.
  ///   - tracer: takes the spans of runs; none are made when nil.
  ///   - observer: told of each step; nil in production.
  /// - Throws: what is wrong with the pipeline.
  package init(
    configuration: EngineConfiguration, stages: [any Stage],
    projections: [any Projection<PostgresTransaction, PostgresError>], client: PostgresClient,
    heartbeatClient: PostgresClient, blobs: any BlobStore, logger: Logger, metrics: Metrics = Metrics(),
    tracer: Tracer? = nil, observer: StepObserver? = nil
  ) throws(PipelineError) {
    self.configuration = configuration
    self.stages = stages
    self.projections = projections
    self.client = client
    self.heartbeatClient = heartbeatClient
    self.blobs = blobs
    self.observer = observer
    self.logger = logger
    registry = metrics
    self.tracer = tracer
    pipeline = try PipelineGraph(stages.map(\.declaration))
    self.metrics = EngineMetrics(metrics, stages: pipeline.stages.map(\.name))
  }

  /// Takes nothing more; ``run()`` ends when what is running has, or when the grace time is over.
  package func drain() { draining.raise() }

  /// Works until ``drain()``.
  ///
  /// - Parameter ready: called once, when the topology stands and the lease is held.
  /// - Throws: what no further try will mend: a wrong password, a queue with other arguments, a refused statement.
  package func run(ready: @escaping @Sendable () -> Void = {}) async throws {
    let loop = EventLoop(name: "engine")
    defer { loop.stop() }
    let worker = UUID.next()
    let scratch = "\(configuration.scratchFolder)/\(worker)"
    let changes = Bell()
    let circuits = Circuits(metrics: registry) { [logger] circuit in
      changes.ring()
      // Their links tell of themselves.
      guard circuit.dependency != Circuits.database, circuit.dependency != Circuits.broker else { return }
      switch circuit.state {
      case .open, .halfOpen:
        logger.error("keeps away from \(circuit.dependency)", [.reason: "\(circuit.reason)"])
      case .closed: logger.info("uses \(circuit.dependency) again")
      }
    }
    let circuit = Circuit { [logger] state, error in
      circuits.report(Circuits.database, failure: error.map { "\($0)" })
      switch state {
      case .open: logger.error("the database cannot be reached; waiting", [.error: error.map { "\($0)" } ?? ""])
      case .closed: logger.info("the database can be reached again")
      }
    }
    let ledger = Ledger(client: client, loop: loop, worker: worker, build: configuration.build, circuit: circuit)
    let topology = Topology(stages: pipeline.stages)
    let consuming = link("consume", loop, circuits)
    let publishing = link("publish", loop, circuits)
    let announcer = Announcer(link: publishing, topology: topology) { [logger] refusal in
      logger.warning("the broker did not take a message; trying again", [.error: "\(refusal)"])
    }
    let outbox = OutboxPublisher(ledger: ledger, announcer: announcer, logger: logger) { [observer] in
      observer?(.published, .outbox)
    }
    guard let active = try await unlessDraining({ try await ledger.activeDefinitions() }) else { return }
    let definitions = ActiveDefinitions(active)
    let gates = StageGates(pipeline: pipeline, definitions: definitions, circuits: circuits)
    let gateKeeper = GateKeeper(
      ledger: ledger, definitions: definitions, gates: gates, changes: changes, logger: logger)
    let heartbeat = Heartbeat(
      client: heartbeatClient, worker: record(of: worker), lease: configuration.lease, circuits: circuits,
      logger: logger)
    try await heartbeat.beat()
    try await gateKeeper.look()
    let works = Works(
      pipeline: pipeline, definitions: definitions, ledger: ledger, blobs: blobs, announcer: announcer,
      outbox: outbox, permits: PermitPool(permits: configuration.heavyRuns),
      presence: PermitPool(permits: Self.mostRuns), bulkRuns: BulkRuns(), circuits: circuits,
      terms: configuration.providers, scratchFolder: scratch, metrics: metrics, observer: observer, logger: logger,
      tracer: tracer)
    let scheduler = Scheduler(
      ledger: ledger, outbox: outbox, circuit: circuit, lease: configuration.lease, logger: logger)
    let replayer = Replayer(ledger: ledger, announcer: announcer, observer: observer, logger: logger)
    let collector = Collector(
      ledger: ledger, blobs: blobs, scratchFolder: configuration.scratchFolder, retention: configuration.retention,
      logger: logger)
    let sweeper = Sweeper(
      sweep: DeadLetterSweep(client: client, topology: topology, build: configuration.build), client: client,
      consuming: consuming, publishing: publishing, interval: configuration.sweepInterval, logger: logger)

    try await withThrowingTaskGroup(of: Void.self) { upkeep in
      upkeep.addTask { await heartbeat.run() }
      upkeep.addTask { await scheduler.run() }
      upkeep.addTask { await gateKeeper.run() }
      upkeep.addTask { await replayer.run() }
      upkeep.addTask { await outbox.run() }
      upkeep.addTask { await collector.run() }
      upkeep.addTask { await sweeper.run() }
      upkeep.addTask {
        try await consuming.run { connection throws(AMQPError) in try await topology.declare(on: connection) }
      }
      // Nothing is published before the topology stands: it would be kept as unroutable.
      upkeep.addTask { try await publishing.run { _ throws(AMQPError) in _ = await consuming.connection() } }
      // Whoever wants to stop does not wait for a broker that is away.
      upkeep.addTask { [draining] in
        await draining.wait()
        await consuming.drain()
      }
      upkeep.addTask { [self] in
        if await consuming.connection() != nil { ready() }
        await work(works, gates: gates, topology: topology, link: consuming)
        await consuming.stop()
        await publishing.stop()
        throw WorkEnded()
      }
      do { while try await upkeep.next() != nil {} } catch is WorkEnded {}
      upkeep.cancelAll()
    }
    // A database that is down is not waited for: the lease ends by itself.
    try? await withDeadline(Self.farewell) { try await ledger.endLease() }
    try? FileManager.default.removeItem(atPath: scratch)
  }

  /// More than can ever run in one process at a time.
  private static let mostRuns = 1 << 20

  /// How long the end of the lease may take to be written.
  private static let farewell = Duration.seconds(5)

  /// Runs the body, until draining begins; then it is cancelled.
  ///
  /// - Returns: nil if draining has begun before the body ended well.
  private func unlessDraining<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    let task = Task { try await body() }
    let cancellation = draining.onRaise { task.cancel() }
    defer { draining.forget(cancellation) }
    do { return try await task.value } catch {
      guard draining.isRaised else { throw error }
      return nil
    }
  }

  /// Thrown by the task that works, to end those that serve it.
  private struct WorkEnded: Error {}

  private func link(_ purpose: String, _ loop: EventLoop, _ circuits: Circuits) -> BrokerLink {
    BrokerLink(url: configuration.brokerURL, loop: loop, name: "reelmill \(purpose) \(configuration.host)") {
      [logger] error in
      circuits.report(Circuits.broker, link: purpose, failure: error.map { "\($0)" })
      if let error { logger.error("the broker cannot be reached; trying again", [.error: "\(error)"]) }
    }
  }

  private func record(of worker: UUID) -> WorkerRecord {
    WorkerRecord(
      id: worker, host: configuration.host, processID: configuration.processID, build: configuration.build,
      stages: served(by: [.dispatch] + pipeline.stages.map(\.name)))
  }

  private func served(by names: [StageName]) -> [StageName] {
    names.filter { configuration.stages?.contains($0) ?? true }
  }

  /// Consumes until draining begins, then waits for what runs; after the grace time what still runs is cancelled and
  /// given back.
  private func work(_ works: Works, gates: StageGates, topology: Topology, link: BrokerLink) async {
    let runner = StageRunner(
      works: works, execution: StageExecution(works: works, projections: projections), stages: stages)
    let doorbell = Doorbell(
      works: works, dispatcher: Dispatcher(works: works), runner: runner, patience: configuration.patience)
    let names = served(by: [.dispatch] + pipeline.stages.map(\.name))
    let working = Task {
      await withTaskGroup(of: Void.self) { group in
        for stage in names {
          for lane in Lane.allCases {
            let consumer = StageConsumer(
              stage: stage, lane: lane, prefetch: prefetch(of: stage), link: link, topology: topology,
              doorbell: doorbell, draining: draining, taking: metrics.taking(from: Topology.queue(stage, lane)),
              logger: logger, gates: gates)
            // On the loop, as all that the consumer does between deliveries: no hop through the global pool.
            group.addTask(executorPreference: link.loop.taskExecutor) { await consumer.run() }
          }
        }
      }
    }
    await draining.wait()
    await link.drain()
    let escalation = Task { [grace = configuration.grace] in
      try await Task.sleep(for: grace)
      working.cancel()
    }
    await working.value
    escalation.cancel()
  }

  private func prefetch(of stage: StageName) -> UInt16 {
    let policy = pipeline[stage]?.policy ?? StagePolicy()
    return UInt16(clamping: policy.concurrency)
  }
}
