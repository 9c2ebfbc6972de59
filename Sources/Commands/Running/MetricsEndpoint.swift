internal import Configuration
internal import Engine
internal import HTTPServer
internal import Observability
internal import Operations

/// What Prometheus reads of a worker.
struct MetricsEndpoint: Sendable {
  private let server: HTTPServer?

  /// Listens where the settings say.
  ///
  /// - Throws: ``CommandFailure`` if that cannot be had.
  init(_ metrics: Metrics, engine: Engine, library: OpenLibrary, context: CommandContext) throws {
    let pipeline = try library.pipeline
    let gauges = LibraryGauges(
      metrics, library: try library.operations, readBroker: { try await library.brokerStatus(of: pipeline) },
      lastPublished: { engine.metrics.lastPublished(takenFrom: $0) })
    let address = try MetricsAddress(context.settings[ReelmillSettings.metricsAddress])
    server = try address.server([
      .suspending("GET", "/metrics") { _ in
        await gauges.refresh()
        return Response(metrics.exposition, type: "text/plain; version=0.0.4; charset=utf-8")
      }
    ])
    if let server { context.logger.info("serving metrics", [.address: "\(server.address):\(server.port)"]) }
  }

  /// Serves while the body runs.
  func serving<Value>(_ body: () async throws -> Value) async throws -> Value {
    guard let server else { return try await body() }
    let running = Task { try await server.run() }
    let result: Result<Value, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    running.cancel()
    try await running.value
    return try result.get()
  }
}
