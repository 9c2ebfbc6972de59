internal import AMQP
internal import Blobs
internal import Concurrency
internal import Engine
internal import FoundationEssentials
internal import Glibc
internal import Observability
internal import Operations
internal import Pipeline
internal import PostgreSQL

/// A worker with a fixed pipeline, which fault tests end, stop and start as they like.
///
/// usage: FaultWorker <broker> <database> <folder> [<setting>=<value>…], see ``FaultSettings``
///
/// Unless told otherwise it migrates the database first. It says `ready` once it works, works until SIGTERM, and tells
/// standard error what happens to it.
@main
struct FaultWorker {
  static func main() async throws {
    let stops = Signals.stream(of: [.terminate])
    guard arguments.count >= 3, let settings = FaultSettings(arguments.dropFirst(3)) else {
      print("usage: FaultWorker <broker> <database> <folder> [<setting>=<value>…]")
      exit(64)
    }
    let folder = arguments[2]
    let logs = LogOutput.standardError(format: .readable(isColored: false))
    let loop = EventLoop(name: "fault-worker")
    var database = try PostgresConfiguration(url: arguments[1])
    database.settings["idle_in_transaction_session_timeout"] = "3s"
    let client = PostgresClient(database, on: loop)
    let provider = Provider(ledger: "\(folder)/calls", duration: .milliseconds(settings.window))
    let stages = FaultPipeline(provider: provider, version: settings.version).stages
    if settings.migrates {
      _ = try await Migrator(client: client).migrate(definitions: stages.map(\.declaration.definition))
    }
    if settings.replaysLost { try await replayLost(of: stages, over: client) }
    let engine = try Engine(
      configuration: EngineConfiguration(
        brokerURL: try AMQPURL(arguments[0]), heavyRuns: 2, scratchFolder: "\(folder)/scratch",
        lease: .milliseconds(settings.lease), build: "fault \(settings.version)", host: "test", processID: getpid()),
      stages: stages, projections: [], client: client, heartbeatClient: PostgresClient(database, on: loop),
      blobs: FileBlobStore(root: "\(folder)/blobs"), logger: Logger(level: .info, output: logs),
      observer: observer(settings))
    let stopping = Task { for await _ in stops { engine.drain() } }
    try await engine.run {
      print("ready")
      fflush(nil)
    }
    stopping.cancel()
    logs.flush()
  }

  /// What an operator does after the broker's data is gone: `reelmill replay --lost`.
  private static func replayLost(of stages: [any Stage], over client: PostgresClient) async throws {
    let library = Library(client: client, pipeline: try PipelineGraph(stages.map(\.declaration)))
    let request = ReplayRequest(.lost, idle: .zero, requestedBy: "fault-worker", reason: "the broker lost its data")
    _ = try await Replays(library).start(request)
  }

  /// As the kernel has them: `CommandLine` has none in a process that libfaketime was loaded into.
  private static var arguments: [String] {
    let line = FileManager.default.contents(atPath: "/proc/self/cmdline") ?? Data()
    return line.split(separator: 0).dropFirst().map { String(decoding: $0, as: UTF8.self) }
  }

  private static func observer(_ settings: FaultSettings) -> StepObserver? {
    guard settings.kill != nil || settings.stop != nil else { return nil }
    let hasStopped = Flag()
    return { [kill = settings.kill, stop = settings.stop] step, stage in
      func isAt(_ place: FaultSettings.Place?) -> Bool {
        place?.step == step.rawValue && place?.stage == stage.rawValue
      }
      if isAt(kill) { Glibc.kill(getpid(), SIGKILL) }
      if isAt(stop), hasStopped.raise() { Glibc.kill(getpid(), SIGSTOP) }
    }
  }
}
