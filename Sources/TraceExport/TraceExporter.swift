internal import Concurrency
internal import HTTPClient
package import Observability
internal import Synchronization

/// Sends spans to a collector: OTLP over HTTP, in JSON (https://opentelemetry.io/docs/specs/otlp/).
///
/// Whoever makes a span never waits: spans wait in a bounded queue, and what finds it full is dropped and counted.
package final class TraceExporter: Sendable {
  private struct State {
    var waiting: [Span] = []
    var dropped = 0
    var exported = 0
    var isStopping = false
  }

  private let configuration: TraceExportConfiguration
  private let client = HTTPClient()
  private let logger: Logger
  private let bell = Bell()
  private let state = Mutex(State())
  private let backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))

  package init(_ configuration: TraceExportConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Takes spans for it.
  package var tracer: Tracer { Tracer { [self] in add($0) } }

  /// Spans that never reached the collector: the queue was full, or it did not take them.
  package var droppedCount: Int { state.withLock { $0.dropped } }
  /// Spans that the collector has taken.
  package var exportedCount: Int { state.withLock { $0.exported } }

  /// Exports while the body runs, then what is left, for as long as the configuration allows.
  package func exporting<Value>(_ body: () async throws -> Value) async throws -> Value {
    let running = Task { await run() }
    let result: Result<Value, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    state.withLock { $0.isStopping = true }
    bell.ring()
    let deadline = Task { [farewell = configuration.farewell] in
      try await Task.sleep(for: farewell)
      running.cancel()
    }
    await running.value
    deadline.cancel()
    return try result.get()
  }

  private func add(_ span: Span) {
    let isBatch = state.withLock { state in
      guard state.waiting.count < configuration.capacity else {
        state.dropped += 1
        return false
      }
      state.waiting.append(span)
      return state.waiting.count == configuration.batch
    }
    if isBatch { bell.ring() }
  }

  /// Sends batches until it is to stop and none is left, or it is cancelled.
  private func run() async {
    while !Task.isCancelled {
      let (batch, isStopping) = state.withLock { state in
        let batch = Array(state.waiting.prefix(configuration.batch))
        state.waiting.removeFirst(batch.count)
        return (batch, state.isStopping)
      }
      if !batch.isEmpty { await send(batch) }
      let isFull = state.withLock { $0.waiting.count >= configuration.batch }
      if isStopping, batch.isEmpty { return }
      if !isStopping, !isFull { await bell.wait(atMost: configuration.interval) }
    }
    state.withLock { state in
      state.dropped += state.waiting.count
      state.waiting = []
    }
  }

  /// Sends a batch, again where that may help.
  private func send(_ batch: [Span]) async {
    let body = configuration.document(of: batch).canonicalBytes
    for attempt in 1...configuration.attempts {
      let failure: String
      do throws(HTTPClientError) {
        let response = try await client.send(
          HTTPRequest(
            "POST", configuration.url, headers: configuration.headers,
            body: .bytes(body, contentType: "application/json"), deadline: configuration.deadline))
        if response.isSuccess { return state.withLock { $0.exported += batch.count } }
        failure = "it answered \(response.status)"
        // What OTLP says may be tried again.
        guard [429, 502, 503, 504].contains(response.status) else { return drop(batch, because: failure) }
      } catch { failure = "\(error)" }
      guard attempt < configuration.attempts, !Task.isCancelled else { return drop(batch, because: failure) }
      try? await Task.sleep(for: backoff.delay(attempt: attempt))
    }
  }

  private func drop(_ batch: [Span], because failure: String) {
    state.withLock { $0.dropped += batch.count }
    logger.warning(
      "spans were dropped: the collector did not take them", [.count: .integer(batch.count), .error: "\(failure)"])
  }
}
