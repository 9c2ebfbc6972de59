import Concurrency
import EmbeddedServices
import FoundationEssentials
import PostgreSQL
import Subprocess
import TestSupport

/// A copy of the database that follows each of its commits, and can take its place.
struct Standby: Sendable {
  let process: ServiceProcess
  private let url: String

  /// Calls the body with a standby that the database waits for at each commit.
  static func run(
    of services: FaultServices, in folder: String, _ body: (Standby) async throws -> Void
  ) async throws {
    var record = ServiceRecord()
    record.settlePorts()
    guard let port = record.ports?.database, var url = URLComponents(string: services.databaseURL) else {
      throw Unavailable("there are no free ports")
    }
    let cluster = DatabaseCluster(
      folder: "\(folder)/standby", programs: services.cluster.programs, port: port, password: url.password ?? "",
      account: services.cluster.account, logPath: "\(folder)/standby.log")
    try cluster.prepare()
    try await copy(services, to: cluster, password: url.password ?? "")
    url.port = Int(port)
    let standby = Standby(
      process: ServiceProcess(
        cluster.server, probe: .postgresql(user: DatabaseCluster.user, database: DatabaseCluster.user), port: port),
      url: url.string ?? "")
    do {
      try await standby.process.start()
      try await execute(["alter system set synchronous_standby_names = '*'"], at: services.databaseURL)
      try await body(standby)
    } catch {
      await standby.process.stop(.killed)
      throw error
    }
    await standby.process.stop()
  }

  private static func copy(_ services: FaultServices, to cluster: DatabaseCluster, password: String) async throws {
    let program = "\(cluster.programs)/pg_basebackup"
    let arguments = [
      "-h", "127.0.0.1", "-p", "\(services.database.port)", "-U", DatabaseCluster.user, "-D", cluster.dataFolder, "-R",
      "-X", "stream", "--checkpoint=fast",
    ]
    let all = (cluster.account?.prefix ?? []) + [program] + arguments
    let outcome = try await Command(
      all[0], Array(all.dropFirst()), environment: ["PGPASSWORD": password, "PATH": "/usr/bin:/bin"],
      workingDirectory: cluster.folder, deadline: .seconds(120)
    ).run()
    guard outcome.isSuccess else { throw Unavailable("no standby: \(outcome.standardError)") }
  }

  /// Makes it the one that takes writes.
  func promote() async throws { try await Self.execute(["select pg_promote()"], at: url) }

  /// Runs statements that no transaction takes, and has the server read its settings again.
  static func execute(_ statements: [SQL], at url: String) async throws {
    let loop = EventLoop(name: "standby")
    defer { loop.stop() }
    let connection = try await PostgresConnection.connect(PostgresConfiguration(url: url), on: loop)
    for statement in statements { try await connection.query(statement) }
    try await connection.query("select pg_reload_conf()")
    await connection.close()
  }
}
