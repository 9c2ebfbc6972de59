import AMQP
import Blobs
import Concurrency
import Engine
import Glibc
import Hashing
import Identifiers
import Observability
import Pipeline
import PostgreSQL
import TestSupport

/// A broker, a migrated database and a blob store of a test's own, with engines working on them.
struct EngineHarness: Sendable {
  let stages: [any Stage]
  let client: PostgresClient
  let brokerURL: String
  let databaseURL: String
  let folder: String
  let blobs: FileBlobStore
  let loop: EventLoop

  var intake: Intake { Intake(client: client) }

  /// Sets everything up, runs the body, and takes everything down.
  static func with(
    _ stages: [any Stage], _ body: @escaping @Sendable (EngineHarness) async throws -> Void
  ) async throws {
    try await places.withPermits { try await run(stages, body) }
  }

  /// Engines, brokers and databases are heavy: more at a time would only wait for each other.
  private static let places = PermitPool(permits: 4)

  private static func run(
    _ stages: [any Stage], _ body: @escaping @Sendable (EngineHarness) async throws -> Void
  ) async throws {
    try await withBroker { broker in
      try await withDatabase { database in
        try await withFolder { folder in
          let loop = EventLoop(name: "test")
          defer { loop.stop() }
          let client = PostgresClient(try PostgresConfiguration(url: database), on: loop)
          mkdir("\(folder)/blobs", 0o700)
          let harness = EngineHarness(
            stages: stages, client: client, brokerURL: broker, databaseURL: database, folder: folder,
            blobs: FileBlobStore(root: "\(folder)/blobs"), loop: loop)
          _ = try await Migrator(client: client).migrate(definitions: stages.map(\.declaration.definition))
          try await body(harness)
          await client.close()
        }
      }
    }
  }

  /// Runs an engine while the body runs.
  func working(
    stages: [any Stage]? = nil, grace: Duration = .seconds(5), lease: Duration = .seconds(2), heavyRuns: Int = 2,
    sweepInterval: Duration = .seconds(60), providers: [String: ProviderTerms] = [:], metrics: Metrics = Metrics(),
    logger: Logger = .silent, tracer: Tracer? = nil, observer: StepObserver? = nil,
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    let client = PostgresClient(try PostgresConfiguration(url: databaseURL), on: loop)
    let heartbeat = PostgresClient(try PostgresConfiguration(url: databaseURL), on: loop)
    let engine = try Engine(
      configuration: EngineConfiguration(
        brokerURL: try AMQPURL(brokerURL), heavyRuns: heavyRuns, scratchFolder: "\(folder)/scratch", grace: grace,
        lease: lease, providers: providers, sweepInterval: sweepInterval, build: "test", host: "test", processID: 1),
      stages: stages ?? self.stages, projections: [], client: client, heartbeatClient: heartbeat, blobs: blobs,
      logger: logger, metrics: metrics, tracer: tracer, observer: observer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await engine.run() }
      do { try await body() } catch {
        engine.drain()
        throw error
      }
      engine.drain()
      try await group.waitForAll()
    }
    await client.close()
    await heartbeat.close()
  }

  /// Hands in a text asset.
  func add(_ name: String, content: String? = nil, title: String = "Title", lane: Lane = .live) async throws -> AssetID
  {
    let blob = try await blobs.write(for: BlobOwner("default")!) { try await $0.append(Array((content ?? name).utf8)) }
    let id = try AssetID(parsing: name)
    _ = try await intake.add(
      NewAsset(
        id: id, slug: name, organisation: "default", owner: "tester", mediaType: .text, title: title,
        source: BlobReference(digest: blob.id.digest, size: Int64(blob.size))), lane: lane)
    return id
  }

  /// What the planner says of an asset now.
  func plan(_ id: AssetID) async throws -> Plan {
    let planner = Planner(
      pipeline: try PipelineGraph(stages.map(\.declaration)), definitions: Definitions(everywhere: [:]))
    guard let snapshot = try await Ledger.snapshots(of: [id.uuid], on: client)[id] else {
      return Plan(asset: id, mediaType: .text, statuses: [:], settled: [:])
    }
    return planner.plan(snapshot.state)
  }

  /// Waits until nothing is left to do for the assets.
  func finished(_ ids: [AssetID], within limit: Duration = .seconds(60)) async throws {
    for id in ids {
      try await eventually("\(id) is finished", within: limit) {
        let plan = try await plan(id)
        return !plan.statuses.isEmpty && plan.isFinished
      }
    }
  }

  /// Waits until no queue holds a message, dead letters apart.
  func queuesAreEmpty(within limit: Duration = .seconds(10)) async throws {
    let stages = try await client.query("select stage from definition").column("stage", as: String.self) + ["dispatch"]
    try await withBrokerConnection { connection in
      for name in stages.flatMap({ ["\($0).live", "\($0).bulk"] }) + [Topology.unroutable] {
        try await eventually("the queue \(name) is empty", within: limit) {
          try await connection.inspectQueue(name).ready == 0
        }
      }
    }
  }

  func withBrokerConnection<Result>(_ body: (AMQPConnection) async throws -> Result) async throws -> Result {
    let connection = try await AMQPConnection.connect(to: try AMQPURL(brokerURL), on: loop)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  func count(_ sql: SQL) async throws -> Int {
    Int(try await client.query(sql).one()["n", as: Int64.self])
  }
}
