internal import AMQP
internal import Blobs
internal import Concurrency
internal import Engine
internal import Glibc
internal import Observability
internal import Pipeline
internal import PostgreSQL

/// A worker with a fixed pipeline that kills itself at one place between two effects, the first time it comes there.
///
/// usage: FaultWorker <broker> <database> <folder> [<step> <stage>]
///
/// It migrates the database first, says `ready` once it works, and works until it is killed.
@main
struct FaultWorker {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 3 || arguments.count == 5 else {
      print("usage: FaultWorker <broker> <database> <folder> [<step> <stage>]")
      exit(64)
    }
    let folder = arguments[2]
    let loop = EventLoop(name: "fault-worker")
    let database = try PostgresConfiguration(url: arguments[1])
    let client = PostgresClient(database, on: loop)
    let stages = FaultPipeline.stages
    _ = try await Migrator(client: client).migrate(definitions: stages.map(\.declaration.definition))
    let engine = try Engine(
      configuration: EngineConfiguration(
        brokerURL: try AMQPURL(arguments[0]), heavyRuns: 2, scratchFolder: "\(folder)/scratch", lease: .seconds(1),
        build: "fault", host: "test", processID: getpid()),
      stages: stages, projections: [], client: client, heartbeatClient: PostgresClient(database, on: loop),
      blobs: FileBlobStore(root: "\(folder)/blobs"), logger: .silent,
      observer: arguments.count == 5 ? killing(at: arguments[3], of: arguments[4]) : nil)
    try await engine.run {
      print("ready")
      fflush(nil)
    }
  }

  private static func killing(at step: String, of stage: String) -> StepObserver {
    { reached, name in
      if reached.rawValue == step, name.rawValue == stage { kill(getpid(), SIGKILL) }
    }
  }
}
