internal import AMQP
internal import Arguments
internal import Blobs
internal import Concurrency
internal import Engine
internal import Glibc
internal import Identifiers
internal import Observability
internal import Operations
internal import Pipeline
internal import PostgreSQL
internal import Text

/// What is done to a whole library at once: planned, announced again, its dead letters announced again and swept.
///
/// The stages' queues collect what is announced; no worker takes it.
struct ScaleCommand: Command {
  private static let database = Positional(
    "database", .text(placeholder: "database-url"), help: "An empty schema for this run.")
  private static let folder = Positional("folder", .text, help: "Where content and temporary files are kept.")
  private static let assets = Positional(
    "assets", .integer(1...), help: "How many finished assets; a tenth of them, up to 100000, have a dead letter.")

  let declaration = CommandDeclaration(
    "scale", summary: "plan, replay and sweep a whole library",
    arguments: [BrokerArguments.url, Self.database, Self.folder, Self.assets])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    let loop = EventLoop(name: "database")
    let client = PostgresClient(try PostgresConfiguration(url: arguments[Self.database]), on: loop)
    let pipeline = try PipelineGraph(IdleStage.pipeline.map(\.declaration))
    _ = try await Migrator(client: client).migrate(definitions: pipeline.stages.map(\.definition))
    let library = GeneratedLibrary(client: client, pipeline: pipeline)
    let assets = arguments[Self.assets]
    try await library.write(assets: assets)

    let planning = Measurement()
    _ = try await LibraryPlan.read(from: library.library)
    planning.report("plan", count: assets)
    let letters = min(assets / 10, 100_000)
    try await library.writeDeadLetters(letters)

    let url = try AMQPURL(arguments[BrokerArguments.url])
    let heartbeat = PostgresClient(client.configuration, on: loop)
    let engine = try Engine(
      configuration: EngineConfiguration(
        brokerURL: url, stages: [], heavyRuns: 1, scratchFolder: "\(arguments[Self.folder])/scratch",
        sweepInterval: .seconds(24 * 3600), build: "benchmark", host: "benchmark", processID: getpid()),
      stages: IdleStage.pipeline, projections: [], client: client, heartbeatClient: heartbeat,
      blobs: FileBlobStore(root: "\(arguments[Self.folder])/blobs"),
      logger: Logger(level: .info, output: .standardError(format: .json)))
    let (readiness, ready) = AsyncStream.makeStream(of: Void.self)
    let working = Task { try await engine.run { ready.finish() } }
    for await _ in readiness {}
    let link = try await AMQPConnection.connect(to: url, on: loop)
    let publishing = try await AMQPConnection.connect(to: url, on: loop)
    try await sweep(letters, client, pipeline, link, publishing)
    try await replay(ReplayRequest(.dead, requestedBy: "benchmark"), of: library.library)
    try await replay(ReplayRequest(.all, requestedBy: "benchmark"), of: library.library)
    engine.drain()
    try await working.value
    await link.close()
    await publishing.close()
    await heartbeat.close()
    await client.close()
  }

  /// Sweeps a queue that holds a message for each letter.
  private func sweep(
    _ letters: Int, _ client: PostgresClient, _ pipeline: PipelineGraph, _ consuming: AMQPConnection,
    _ publishing: AMQPConnection
  ) async throws {
    let topology = Topology(stages: pipeline.stages)
    let sweep = DeadLetterSweep(client: client, topology: topology, build: "benchmark")
    let queue = Topology.deadLetterQueue(GeneratedLibrary.failing)
    for work in ["sweep of an empty queue", "sweep"] {
      let sweeping = Measurement()
      let report = try await sweep.sweep(queue, consuming: consuming, publishing: publishing)
      guard report.returned + report.kept == letters else { throw Unexpected(text: "\(report)") }
      sweeping.report(work, count: letters)
    }
  }

  /// Waits until everything that is selected was announced.
  private func replay(_ request: ReplayRequest, of library: Library) async throws {
    let replays = Replays(library)
    let freezing = Measurement()
    let preview = try await replays.preview(request)
    freezing.report("freeze \(request.selector)", count: try await replays.report(preview.id).total)
    let announcing = Measurement()
    try await replays.resume(preview.id)
    while true {
      let report = try await replays.report(preview.id)
      guard report.announced + report.skipped < report.total else {
        announcing.report("announce \(request.selector)", count: report.announced)
        return
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private struct Unexpected: Error, CustomStringConvertible {
    let text: String
    var description: String { "expected the sweep to find every letter, it reported \(text)" }
  }
}
