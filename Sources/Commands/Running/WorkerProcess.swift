internal import Concurrency
internal import Configuration
internal import Engine
internal import FoundationEssentials
internal import Glibc
internal import Observability
internal import Pipeline
internal import PostgreSQL
internal import Text

/// A worker in this process, from its start to its orderly end.
struct WorkerProcess: Sendable {
  let library: OpenLibrary
  let context: CommandContext
  /// All stages when nil.
  let stages: Set<StageName>?

  /// Works until SIGTERM or SIGINT, then drains.
  ///
  /// - Parameter ready: called when messages are taken.
  /// - Throws: ``CommandFailure`` if the broker does not answer at the start; later the worker waits for it.
  func run(ready: @escaping @Sendable () -> Void) async throws {
    try await library.checkBroker()
    let heartbeat = try library.anotherClient(name: "reelmill heartbeat", connections: 1)
    let catalog = try await StageCatalog(library: library, settings: context.settings, logger: context.logger)
    let metrics = Metrics()
    let engine = try Engine(
      configuration: configuration, stages: catalog.stages, projections: catalog.projections, client: library.client,
      heartbeatClient: heartbeat, blobs: library.blobs, logger: context.logger, metrics: metrics,
      tracer: library.traces?.tracer)
    let traces = library.traces
    metrics.gauge("reelmill_spans_exported", help: "Spans that the collector has taken.") {
      Double(traces?.exportedCount ?? 0)
    }
    metrics.gauge("reelmill_spans_dropped", help: "Spans that never reached the collector.") {
      Double(traces?.droppedCount ?? 0)
    }
    let endpoint = try MetricsEndpoint(metrics, engine: engine, library: library, context: context)
    // Made here and not in the task, so that no signal falls between.
    let signals = Signals.stream(of: [.terminate, .interrupt])
    let stopping = Task {
      for await _ in signals {
        context.say("stopping: finishing what runs, for at most \(configuration.grace.shortText)")
        engine.drain()
      }
    }
    defer { stopping.cancel() }
    try await endpoint.serving { try await engine.run(ready: ready) }
    await heartbeat.close()
  }

  private var configuration: EngineConfiguration {
    let settings = context.settings
    let heavyRuns = settings[ReelmillSettings.heavyRuns]
    return EngineConfiguration(
      brokerURL: library.brokerURL, stages: stages,
      heavyRuns: heavyRuns > 0 ? heavyRuns : max(1, ProcessInfo.processInfo.activeProcessorCount),
      scratchFolder: library.places.scratch, grace: settings[ReelmillSettings.grace],
      patience: settings[ReelmillSettings.patience], providers: StageCatalog.terms(settings), retention: retention,
      build: ReelmillVersion.build,
      host: ProcessInfo.processInfo.hostName, processID: getpid())
  }

  private var retention: Retention {
    let settings = context.settings
    return Retention(
      deletedAssets: settings[ReelmillSettings.keptDeletedAssets], history: settings[ReelmillSettings.keptHistory],
      charges: settings[ReelmillSettings.keptCharges], replays: settings[ReelmillSettings.keptReplays])
  }
}
