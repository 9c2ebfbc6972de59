internal import AMQP
internal import Blobs
internal import Concurrency
internal import Configuration
internal import EmbeddedServices
internal import Engine
internal import HTTPClient
internal import Operations
internal import Pipeline
internal import PostgreSQL
internal import TraceExport

/// The library that commands work on: its database, its broker's address, its content.
struct OpenLibrary: Sendable {
  let client: PostgresClient
  let brokerURL: AMQPURL
  let databaseURL: String
  let brokerMetricsURL: String?
  let blobs: FileBlobStore
  let places: Places
  let loop: EventLoop
  let usesPooler: Bool
  /// The stages as the settings want them.
  let stages: [StageDeclaration]
  /// Nil where traces are sent nowhere.
  let traces: TraceExporter?

  var intake: Intake { Intake(client: client, tracer: traces?.tracer) }

  /// The pipeline of this build.
  ///
  /// - Throws: what is wrong with it; a test makes sure that nothing is.
  var pipeline: PipelineGraph {
    get throws(PipelineError) { try PipelineGraph(stages) }
  }

  /// The library as operations read it.
  var operations: Operations.Library {
    get throws(PipelineError) { Operations.Library(client: client, pipeline: try pipeline) }
  }

  /// What the broker's own metrics say; nil where there is no endpoint, or it does not answer.
  func brokerMetrics() async -> BrokerMetrics? {
    guard let brokerMetricsURL else { return nil }
    return try? await BrokerMetrics.read(from: brokerMetricsURL, with: HTTPClient())
  }

  /// Looks at the queues.
  func brokerStatus(of pipeline: PipelineGraph) async throws(AMQPError) -> BrokerStatus {
    let metrics = await brokerMetrics()
    let connection = try await AMQPConnection.connect(to: brokerURL, on: loop)
    do throws(AMQPError) {
      let status = try await BrokerStatus.read(of: pipeline, from: connection, metrics: metrics)
      await connection.close()
      return status
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Runs the body with the library that the settings name: services given by URL, or else the embedded ones that
  /// `reelmill up` runs in the folder.
  ///
  /// - Parameter needsSchema: whether the database must have this build's schema already.
  /// - Throws: ``CommandFailure`` that says what is missing; what the body throws.
  static func with<Value>(
    _ context: CommandContext, embedded: Endpoints? = nil, needsSchema: Bool = true,
    _ body: (OpenLibrary) async throws -> Value
  ) async throws -> Value {
    let places = Places(context.settings)
    let library = try open(context, places: places, embedded: embedded)
    let result: Result<Value, any Error>
    do {
      try await library.checkDatabase(needsSchema: needsSchema)
      if let traces = library.traces {
        result = .success(try await traces.exporting { try await body(library) })
      } else {
        result = .success(try await body(library))
      }
    } catch { result = .failure(error) }
    await library.client.close()
    library.loop.stop()
    return try result.get()
  }

  /// Runs the body with a connection to the broker.
  ///
  /// - Throws: why there is none; what the body throws.
  func withBroker<Value>(_ body: (AMQPConnection) async throws -> Value) async throws -> Value {
    let connection = try await AMQPConnection.connect(to: brokerURL, on: loop)
    let result: Result<Value, any Error>
    do { result = .success(try await body(connection)) } catch { result = .failure(error) }
    await connection.close()
    return try result.get()
  }

  private static func open(
    _ context: CommandContext, places: Places, embedded: Endpoints?
  ) throws(CommandFailure) -> OpenLibrary {
    let settings = context.settings
    let endpoints = embedded ?? EmbeddedServices.runningEndpoints(in: places.folder)
    guard let broker = settings[ReelmillSettings.amqpURL] ?? endpoints?.amqpURL,
      let database = settings[ReelmillSettings.databaseURL] ?? endpoints?.databaseURL
    else {
      throw CommandFailure(
        .unavailable,
        """
        no services: nothing runs in \(places.folder). Start `reelmill up` in another terminal, or set \
        REELMILL_AMQP_URL and REELMILL_DATABASE_URL
        """)
    }
    try places.make()
    do {
      let loop = EventLoop(name: "database")
      let usesPooler = settings[ReelmillSettings.databasePooler]
      return OpenLibrary(
        client: PostgresClient(try configuration(database, usesPooler: usesPooler, name: "reelmill"), on: loop),
        brokerURL: try AMQPURL(broker), databaseURL: database,
        brokerMetricsURL: settings[ReelmillSettings.brokerMetricsURL] ?? endpoints?.prometheusURL,
        blobs: FileBlobStore(root: places.blobs), places: places, loop: loop, usesPooler: usesPooler,
        stages: StageCatalog.declarations(settings), traces: try traceExporter(context))
    } catch {
      throw CommandFailure(.configuration, "\(error)")
    }
  }

  private static func traceExporter(_ context: CommandContext) throws(InvalidTraceHeaders) -> TraceExporter? {
    let settings = context.settings
    guard let endpoint = settings[ReelmillSettings.tracesEndpoint] else { return nil }
    let configuration = try TraceExportConfiguration(
      endpoint: endpoint, headers: settings[ReelmillSettings.tracesHeaders],
      service: settings[ReelmillSettings.tracesService], version: ReelmillVersion.build)
    return TraceExporter(configuration, logger: context.logger)
  }

  /// Another client of the same database, for work that must not wait for the first one's.
  ///
  /// - Parameter statementTimeout: the time that a statement may take; nil for the usual one.
  func anotherClient(
    name: String, connections: Int, statementTimeout: Duration? = nil
  ) throws(PostgresError) -> PostgresClient {
    var limits = PostgresClient.Limits()
    limits.connections = connections
    var configuration = try Self.configuration(databaseURL, usesPooler: usesPooler, name: name)
    if let statementTimeout { configuration.statementTimeout = statementTimeout }
    return PostgresClient(configuration, limits: limits, on: loop)
  }

  static func configuration(
    _ url: String, usesPooler: Bool, name: String
  ) throws(PostgresError) -> PostgresConfiguration {
    var configuration = try PostgresConfiguration(url: url)
    configuration.applicationName = name
    if usesPooler {
      configuration.route = .transactionPooler
    } else {
      // Who holds locks and has gone to sleep, or off the network, would keep them from all others for hours. Longer
      // than the broker may take to confirm what the outbox publishes within a transaction.
      configuration.settings["idle_in_transaction_session_timeout"] = "60s"
    }
    return configuration
  }
}
