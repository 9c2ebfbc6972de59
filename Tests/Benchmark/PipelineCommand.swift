internal import AMQP
internal import Arguments
internal import Blobs
internal import Concurrency
internal import Engine
internal import Glibc
internal import Observability
internal import Pipeline
internal import PostgreSQL
internal import Text

/// A worker as `reelmill work` runs it, with five stages that do nothing.
struct PipelineCommand: Command {
  private static let database = Positional("database", .text(placeholder: "database-url"), help: "The database.")
  private static let folder = Positional("folder", .text, help: "Where content and temporary files are kept.")
  private static let prepares = Flag("prepare", help: "Migrate the database, declare the queues, and end.")

  let declaration = CommandDeclaration(
    "pipeline", summary: "work on five idle stages until terminated",
    arguments: [BrokerArguments.url, Self.database, Self.folder, Self.prepares])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    let loop = EventLoop(name: "database")
    let configuration = try PostgresConfiguration(url: arguments[Self.database])
    let client = PostgresClient(configuration, on: loop)
    let heartbeat = PostgresClient(configuration, limits: Self.single, on: loop)
    let prepares = arguments[Self.prepares]
    if prepares {
      _ = try await Migrator(client: client).migrate(definitions: IdleStage.pipeline.map(\.declaration.definition))
    }
    let folder = arguments[Self.folder]
    let engine = try Engine(
      configuration: EngineConfiguration(
        brokerURL: try AMQPURL(arguments[BrokerArguments.url]), stages: Set(IdleStage.served + [.dispatch]),
        heavyRuns: 2, scratchFolder: "\(folder)/scratch", build: "benchmark", host: "benchmark", processID: getpid()),
      stages: IdleStage.pipeline, projections: [], client: client, heartbeatClient: heartbeat,
      blobs: FileBlobStore(root: "\(folder)/blobs"), logger: Logger(level: .info, output: .standardError(format: .json))
    )
    let signals = Signals.stream(of: [.terminate, .interrupt])
    let stopping = Task {
      for await _ in signals { engine.drain() }
    }
    defer { stopping.cancel() }
    try await engine.run { if prepares { engine.drain() } }
    await heartbeat.close()
    await client.close()
  }

  private static var single: PostgresClient.Limits {
    var limits = PostgresClient.Limits()
    limits.connections = 1
    return limits
  }
}
