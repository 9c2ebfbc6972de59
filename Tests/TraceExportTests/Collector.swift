import Concurrency
import HTTPServer
import JSON
import Synchronization
import TestSupport
import TraceExport

/// A collector of traces: a server that keeps what it is sent.
final class Collector: Sendable {
  struct Received: Sendable {
    let document: JSON
    let key: String?
    let contentType: String?
  }

  private let kept = Mutex<[Received]>([])
  private let statuses: Mutex<[Int]>

  /// - Parameter statuses: how the first requests are answered; those after them are taken.
  init(statuses: [Int] = []) { self.statuses = Mutex(statuses) }

  var received: [Received] { kept.withLock { $0 } }
  var spans: [JSON] {
    received.flatMap { received in
      received.document["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array ?? []
    }
  }

  /// Serves while the body runs, which is told the endpoint.
  func serving(_ body: (String) async throws -> Void) async throws {
    let server = try HTTPServer(
      HTTPServer.Configuration(),
      routes: [
        .suspending("POST", "/v1/traces", limit: 4 << 20) { [self] request in
          let status = statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
          guard status == 200 else { return Response(status: status, "no") }
          let received = Received(
            document: try JSON(parsing: String(decoding: request.body, as: UTF8.self)),
            key: request.headers["X-Key"], contentType: request.headers["Content-Type"])
          kept.withLock { $0.append(received) }
          return Response("{}", type: "application/json")
        }
      ])
    let running = Task { try await server.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body("http://\(server.address):\(server.port)")) } catch {
      result = .failure(error)
    }
    running.cancel()
    try await running.value
    try result.get()
  }
}
