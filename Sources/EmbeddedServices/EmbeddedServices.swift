internal import FoundationEssentials
internal import Glibc

/// A private RabbitMQ node and a private PostgreSQL with pgvector, kept running under a data folder.
///
/// Both listen on the loopback interface alone, with generated passwords. They end with this process, by whatever
/// cause it ends. One process at a time uses a folder.
package actor EmbeddedServices {
  /// What happens to the services while they run; a reader that falls behind misses the oldest.
  package nonisolated let events: AsyncStream<EmbeddedServiceEvent>

  private let configuration: Configuration
  private let report: AsyncStream<EmbeddedServiceEvent>.Continuation
  private var lock: FolderLock?
  private var record = ServiceRecord()
  private var services: [SupervisedService] = []

  package init(_ configuration: Configuration) {
    self.configuration = configuration
    (events, report) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
  }

  private var recordPath: String { "\(configuration.folder)/services.json" }

  /// Starts both services and returns when they answer. Call it once.
  ///
  /// What a crash left is tidied up first. Nothing runs any more when it throws.
  package func start() async throws(EmbeddedServiceError) -> Endpoints {
    try checkPrograms()
    try makeFolder()
    lock = try FolderLock(folder: configuration.folder)
    do throws(EmbeddedServiceError) {
      record = try ServiceRecord.read(from: recordPath)
      await endLeftovers()
      return try await startOnFreePorts()
    } catch {
      await stop()
      throw error
    }
  }

  /// Stops both services, in bounded time, and releases the folder.
  package func stop() async {
    await stopServices()
    lock = nil
    report.finish()
  }

  private func stopServices() async {
    await withTaskGroup(of: Void.self) { group in
      for service in services { group.addTask { await service.stop() } }
    }
    services = []
  }

  /// How often ports are chosen when somebody else takes one before the service does.
  private static let portChoices = 3

  private func startOnFreePorts() async throws(EmbeddedServiceError) -> Endpoints {
    var choices = 1
    while true {
      record.settlePorts()
      do throws(EmbeddedServiceError) {
        return try await startServices()
      } catch {
        await stopServices()
        guard choices < Self.portChoices, record.ports?.areFree == false else { throw error }
        choices += 1
      }
    }
  }

  private func startServices() async throws(EmbeddedServiceError) -> Endpoints {
    guard let ports = record.ports else { preconditionFailure("ports are settled before services start") }
    let broker = BrokerNode(
      folder: "\(configuration.folder)/rabbitmq", record: record, ports: ports,
      hasManagement: configuration.hasManagement, program: configuration.brokerProgram)
    let account = ServiceAccount.forDatabase
    let databaseFolder = try databaseFolder(for: account)
    let database = DatabaseCluster(
      folder: databaseFolder, programs: try programsFolder(for: account), port: ports.database,
      password: record.password, account: account, logPath: "\(configuration.folder)/postgresql.log")
    try record.write(to: recordPath)
    try prepare(broker.folder) { try broker.prepare() }
    try prepare(database.folder) { try database.prepare() }

    let brokerService = supervised(
      .init(name: BrokerNode.name, command: broker.command, probe: .amqp, port: ports.amqp))
    let databaseService = supervised(
      .init(
        name: DatabaseCluster.name, command: database.server,
        probe: .postgresql(user: DatabaseCluster.user, database: DatabaseCluster.user), port: ports.database))
    services = [brokerService, databaseService]
    async let brokerStart = outcome { () async throws(EmbeddedServiceError) in try await brokerService.start() }
    async let databaseStart = outcome { () async throws(EmbeddedServiceError) in
      if !database.isInitialised { try await database.initialise() }
      try await databaseService.start()
    }
    let outcomes = await [brokerStart, databaseStart]
    for outcome in outcomes { try outcome.get() }
    return Self.endpoints(record, ports, hasManagement: configuration.hasManagement)
  }

  /// Where the services that another process runs in a folder are; nil if nobody runs any there.
  package static func runningEndpoints(in folder: String) -> Endpoints? {
    guard FolderLock.isHeld(folder: folder), let record = try? ServiceRecord.read(from: "\(folder)/services.json"),
      let ports = record.ports
    else { return nil }
    return endpoints(record, ports, hasManagement: false)
  }

  private func checkPrograms() throws(EmbeddedServiceError) {
    let postgres = "\(configuration.postgresqlFolder)/bin/postgres"
    if access(configuration.brokerProgram, X_OK) != 0 {
      throw .programMissing(
        path: configuration.brokerProgram, fix: "apt-get install --no-install-recommends rabbitmq-server")
    }
    if access(postgres, X_OK) != 0 { throw .programMissing(path: postgres, fix: "scripts/fetch-database") }
  }

  private func makeFolder() throws(EmbeddedServiceError) {
    try prepare(configuration.folder) {
      try FileManager.default.createDirectory(
        atPath: configuration.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
  }

  /// Where both the database's programs and its data go when the account that runs it cannot get to the given folders.
  private static let publicFolder = "/var/lib/reelmill"

  private func makePublicFolder() throws(EmbeddedServiceError) {
    try prepare(Self.publicFolder) {
      try FileManager.default.createDirectory(
        atPath: Self.publicFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
  }

  /// The folder of PostgreSQL's programs: the given one, or a copy of it that the account can reach.
  private func programsFolder(for account: ServiceAccount?) throws(EmbeddedServiceError) -> String {
    let given = configuration.postgresqlFolder
    guard let account, !account.canReach("\(given)/bin") else { return "\(given)/bin" }
    try makePublicFolder()
    let copy = "\(Self.publicFolder)/\(given.split(separator: "/").last ?? "postgresql")"
    guard access("\(copy)/bin/postgres", X_OK) != 0 else { return "\(copy)/bin" }
    try prepare(copy) {
      let files = FileManager.default
      let unfinished = "\(copy).\(getpid())"
      defer { try? files.removeItem(atPath: unfinished) }
      try files.copyItem(atPath: given, toPath: unfinished)
      // Another process may have been quicker.
      guard rename(unfinished, copy) == 0 || access("\(copy)/bin/postgres", X_OK) == 0 else { throw Errno(errno) }
    }
    return "\(copy)/bin"
  }

  /// The database's folder: below the data folder, or below `/var/lib/reelmill` when the account cannot get there.
  private func databaseFolder(for account: ServiceAccount?) throws(EmbeddedServiceError) -> String {
    if let recorded = record.databaseFolder { return recorded }
    var folder = "\(configuration.folder)/postgresql"
    if let account, !account.canReach(configuration.folder) {
      try makePublicFolder()
      folder = "\(Self.publicFolder)/\(UUID().uuidString)"
    }
    record.databaseFolder = folder
    return folder
  }

  private func prepare(_ path: String, _ body: () throws -> Void) throws(EmbeddedServiceError) {
    do { try body() } catch { throw .folderUnusable(path: path, reason: "\(error)") }
  }

  /// Awaits the end of services that a crash of their supervisor left, and kills those whose guardian does not end
  /// them in time. Their ids are taken from the record, with the time of their start, never found by a port.
  private func endLeftovers() async {
    let deadline = ContinuousClock.now + GuardedProcess.grace + .seconds(2)
    for guardian in record.guardians.values {
      // They are not our children: nothing tells us of their end.
      while guardian.isAlive, ContinuousClock.now < deadline {
        if (try? await Task.sleep(for: .milliseconds(50))) == nil { return }
      }
      if guardian.isAlive { kill(-guardian.pid, SIGKILL) }
    }
    record.guardians = [:]
  }

  private func supervised(_ definition: SupervisedService.Definition) -> SupervisedService {
    SupervisedService(
      definition, startLimit: configuration.startLimit,
      recordGuardian: { [weak self] in await self?.recordGuardian($0, of: definition.name) },
      report: { [report] in report.yield($0) })
  }

  private func recordGuardian(_ guardian: ProcessIdentity, of name: String) {
    record.guardians[name] = guardian
    // Without the note a crash of both this process and the guardian would leave the service behind; that is no
    // reason to stop one that runs well.
    try? record.write(to: recordPath)
  }

  private static func endpoints(
    _ record: ServiceRecord, _ ports: ServiceRecord.Ports, hasManagement: Bool
  ) -> Endpoints {
    let account = "\(BrokerNode.user):\(record.password)@127.0.0.1"
    return Endpoints(
      amqpURL: "amqp://\(account):\(ports.amqp)/",
      databaseURL: "postgresql://\(account):\(ports.database)/\(DatabaseCluster.user)",
      managementURL: hasManagement ? "http://\(account):\(ports.management)/api" : nil,
      prometheusURL: "http://127.0.0.1:\(ports.prometheus)/metrics")
  }
}

/// A typed error survives `async let` as a value only.
private func outcome(
  _ body: () async throws(EmbeddedServiceError) -> Void
) async -> Result<Void, EmbeddedServiceError> {
  do throws(EmbeddedServiceError) {
    try await body()
    return .success(())
  } catch {
    return .failure(error)
  }
}
