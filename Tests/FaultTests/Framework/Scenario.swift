import AMQP
import Blobs
import Concurrency
import Engine
import Glibc
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// A library of assets that workers make complete while something breaks.
///
/// ``run(_:_:)`` is the specification of every fault test: whatever its body breaks, in the end all is complete, and
/// nothing was lost, done twice or left behind.
struct Scenario: Sendable {
  /// What a scenario wants otherwise than most.
  struct Options: Sendable {
    /// Workers that work from the beginning.
    var workers = 2
    var assets = FaultSize.assets
    /// Settings of every worker, as `FaultWorker` takes them.
    var workerSettings: [String] = []
    var workerEnvironment: [String: String] = [:]
    /// Whether workers reach broker and database through ``Proxy``s; what the test asks of the database goes there too.
    var isProxied = false
    /// More of the broker's URL, as in `?heartbeat=2`.
    var brokerQuery = ""
    /// Where blobs are written, if not to the scenario's own folder.
    var blobsFolder: String?
    /// Dead letters that are meant to be there.
    var deadLetters = 0
  }

  let options: Options
  let dice: Dice
  let services: FaultServices
  let folder: String
  let brokerURL: String
  let client: PostgresClient
  let loop: EventLoop
  let blobs: FileBlobStore
  let crew: Crew
  let feed: Feed
  /// What workers reach the broker and the database through, where they do.
  let brokerProxy: Proxy?
  let databaseProxy: Proxy?

  /// Windows of an asset that a provider is paid for, and artifacts of an asset and its two children.
  static let windows = 3
  static let artifacts = 8

  /// Hands in assets while `body` breaks things, waits until all is complete, and checks that it is so as it should.
  ///
  /// - Parameter services: those of the suite, if there are no others.
  static func run(
    _ options: Options = Options(), on services: FaultServices? = nil,
    _ body: @escaping @Sendable (Scenario) async throws -> Void
  ) async throws {
    guard let services = services ?? .shared else { throw Unavailable("the suite has no services") }
    // A scenario that failed may have left them down.
    try await services.start()
    try await withBroker(at: services.amqpURL, managedBy: services.api) { broker in
      try await withDatabase(at: services.databaseURL) { database in
        try await withFolder { folder in
          try await with(options, services, broker: broker, database: database, folder: folder, body)
        }
      }
    }
  }

  private static func with(
    _ options: Options, _ services: FaultServices, broker: String, database: String, folder: String,
    _ body: @escaping @Sendable (Scenario) async throws -> Void
  ) async throws {
    let loop = EventLoop(name: "scenario")
    defer { loop.stop() }
    let brokerProxy = options.isProxied ? try Proxy(to: services.broker.port) : nil
    let databaseProxy = options.isProxied ? try Proxy(to: services.database.port) : nil
    defer {
      brokerProxy?.close()
      databaseProxy?.close()
    }
    let database = databaseProxy?.url(database) ?? database
    let client = PostgresClient(try PostgresConfiguration(url: database), on: loop)
    let blobsFolder = "\(folder)/blobs"
    if let elsewhere = options.blobsFolder { symlink(elsewhere, blobsFolder) } else { mkdir(blobsFolder, 0o700) }
    let workerBroker = (brokerProxy?.url(broker) ?? broker) + options.brokerQuery
    let arguments = [workerBroker, database, folder] + options.workerSettings
    let blobs = FileBlobStore(root: blobsFolder)
    let scenario = Scenario(
      options: options, dice: Dice(), services: services, folder: folder, brokerURL: broker, client: client,
      loop: loop, blobs: blobs, crew: Crew(arguments, folder: folder, environment: options.workerEnvironment),
      feed: Feed(client: client, blobs: blobs), brokerProxy: brokerProxy, databaseProxy: databaseProxy)
    do {
      try await scenario.play(body)
    } catch {
      Issue.record("\(error)\n\(await scenario.evidence)")
    }
    await scenario.crew.discardAll()
    await client.close()
  }

  private func play(_ body: @escaping @Sendable (Scenario) async throws -> Void) async throws {
    for _ in 0..<options.workers { try await crew.hire() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await feed.hand(in: options.assets) }
      try await body(self)
      try await group.waitForAll()
    }
    try await complete()
    let violations = try await verify()
    if !violations.isEmpty { Issue.record("\(violations.joined(separator: "\n"))\n\(await evidence)") }
  }

  /// What one needs to see a failure again and to understand it.
  private var evidence: String {
    get async { "seed \(dice.seed): set REELMILL_FAULTS_SEED to see the same choices again\n\(await crew.logs)" }
  }

  // MARK: What bodies say

  /// Waits until a share of all results is there, from 0 to 1.
  func reaches(_ share: Double) async throws {
    let wanted = Int(Double(options.assets * Self.artifacts) * share)
    try await eventually("\(wanted) results are there", within: FaultSize.patience) { await results >= wanted }
  }

  /// Does something at intervals until every asset is complete.
  func untilComplete(every interval: Duration, _ deed: () async throws -> Void) async throws {
    try await eventually("all is complete", within: FaultSize.patience) {
      try await lasts(interval)
      try await deed()
      return await isComplete
    }
  }

  /// Waits a while in which what was broken stays so.
  func lasts(_ time: Duration) async throws { try await Task.sleep(for: time) }

  /// Whether every asset that is to come is complete.
  var isComplete: Bool { get async { await results >= options.assets * Self.artifacts } }

  /// How many results are recorded; none that can be seen while the database is away.
  var results: Int {
    get async { (try? await count("select count(*) as n from artifact where inputs is not null")) ?? -1 }
  }

  func count(_ sql: SQL) async throws -> Int {
    Int(try await client.query(sql).one()["n", as: Int64.self])
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
}
