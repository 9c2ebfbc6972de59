import EmbeddedServices
import FoundationEssentials
import Glibc
import Subprocess
import TestSupport

/// A broker and a database of the fault tests' own, which no other test uses.
struct FaultServices: Sendable {
  let broker: ServiceProcess
  let database: ServiceProcess
  let node: BrokerNode
  let cluster: DatabaseCluster
  let amqpURL: String
  let databaseURL: String
  let api: BrokerAPI

  /// The services of the suite that runs.
  @TaskLocal static var shared: FaultServices?

  /// - Parameter brokerSettings: more lines of `rabbitmq.conf`.
  static func run(
    in folder: String, brokerSettings: [String] = [], _ body: (FaultServices) async throws -> Void
  ) async throws {
    var record = ServiceRecord()
    record.settlePorts()
    guard let ports = record.ports else { throw Unavailable("there are no free ports") }
    let node = BrokerNode(
      folder: "\(folder)/rabbitmq", record: record, ports: ports, hasManagement: true, settings: brokerSettings)
    let account = ServiceAccount.forDatabase
    let cluster = DatabaseCluster(
      folder: "\(folder)/postgresql", programs: try programs(for: account), port: ports.database,
      password: record.password, account: account, logPath: "\(folder)/postgresql.log")
    try node.prepare()
    try cluster.prepare()
    if !cluster.isInitialised { try await cluster.initialise() }
    let user = "\(BrokerNode.user):\(record.password)@127.0.0.1"
    let services = FaultServices(
      broker: ServiceProcess(node.command, probe: .amqp, port: ports.amqp),
      database: ServiceProcess(
        cluster.server, probe: .postgresql(user: DatabaseCluster.user, database: DatabaseCluster.user),
        port: ports.database),
      node: node, cluster: cluster, amqpURL: "amqp://\(user):\(ports.amqp)/",
      databaseURL: "postgresql://\(user):\(ports.database)/\(DatabaseCluster.user)",
      api: try BrokerAPI(url: "http://\(user):\(ports.management)/api"))
    do {
      try await services.start()
      try await body(services)
      await services.stop()
    } catch {
      await services.stop()
      throw error
    }
  }

  /// Starts what does not run.
  func start() async throws {
    async let brokerStart: Void = broker.start()
    async let databaseStart: Void = database.start()
    _ = try await (brokerStart, databaseStart)
  }

  private func stop() async {
    async let brokerStop: Void = broker.stop()
    async let databaseStop: Void = database.stop()
    _ = await (brokerStop, databaseStop)
  }

  /// Calls a function in the broker's node, such as `vm_memory_monitor get_vm_memory_limit`; what it answers.
  @discardableResult
  func brokerCall(_ call: String) async throws -> String {
    let outcome = try await Command(
      "/usr/bin/erl_call", ["-timeout", "20", "-sname", node.nodeName, "-a", call], environment: node.environment,
      deadline: .seconds(30)
    ).run()
    let answer = String(decoding: outcome.standardOutput, as: UTF8.self)
    guard outcome.isSuccess, !answer.contains("{'EXIT'") else {
      throw Unavailable("the broker did not do \(call): \(outcome.termination) \(answer) \(outcome.standardError)")
    }
    return answer
  }

  /// The folder with the database's programs, as the account that runs them reaches it.
  private static func programs(for account: ServiceAccount?) throws -> String {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    // Where private services copy them, if the project is in a folder that the account cannot reach.
    let places = [project.appending(path: ".reelmill/postgresql-18").path, "/var/lib/reelmill/postgresql-18"]
    for place in places where access("\(place)/bin/postgres", X_OK) == 0 {
      if account?.canReach("\(place)/bin") ?? true { return "\(place)/bin" }
    }
    throw Unavailable("there is no PostgreSQL in \(places): run scripts/fetch-database")
  }
}
