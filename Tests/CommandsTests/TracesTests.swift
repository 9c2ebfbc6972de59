import FoundationEssentials
import HTTPServer
import JSON
import Synchronization
import TestSupport
import Testing

/// What a collector sees of the program.
@Suite struct TracesTests {
  @Test func `a collector gets one trace of an asset, from its ingest to its last stage`() async throws {
    let bodies = Mutex<[[UInt8]]>([])
    let server = try HTTPServer(
      HTTPServer.Configuration(),
      routes: [
        .suspending("POST", "/v1/traces", limit: 4 << 20) { request in
          guard request.headers["X-Key"] == "hunter2" else { return Response(status: 401, "no key") }
          bodies.withLock { $0.append(request.body) }
          return Response("{}", type: "application/json")
        }
      ])
    @Sendable func spans() throws -> [JSON] {
      try bodies.withLock { $0 }.flatMap { body in
        let document = try JSON(parsing: String(decoding: body, as: UTF8.self))
        return document["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array ?? []
      }
    }
    let running = Task { try await server.run() }
    defer { running.cancel() }
    try await Library.with { library in
      let reelmill = library.reelmill.with([
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://\(server.address):\(server.port)",
        "OTEL_EXPORTER_OTLP_HEADERS": "x-key=hunter2",
      ])
      let traced = Library(reelmill: reelmill, brokerURL: library.brokerURL, databaseURL: library.databaseURL)
      try await traced.working {
        let id = try await traced.ingest(try traced.write("note.txt", "The sun rises in the east."), "--wait")
        try await eventually("the last stage is there", within: .seconds(30)) {
          try spans().contains { $0["name"] == "embed" }
        }
        let all = try spans()
        let attribute: JSON = ["key": "reelmill.asset", "value": ["stringValue": .string(id)]]
        #expect(all.allSatisfy { $0["attributes"]?.array?.contains(attribute) == true })
        #expect(Set(all.map { $0["traceId"]?.string }).count == 1)
        #expect(all.filter { $0["parentSpanId"] == nil }.map { $0["name"]?.string } == ["ingest"])
        let ids = Set(all.compactMap { $0["spanId"]?.string })
        #expect(all.compactMap { $0["parentSpanId"]?.string }.allSatisfy { ids.contains($0) }, "no parent is missing")
      }
      #expect(try await !reelmill.succeeds("config").output.contains("hunter2"))
    }
  }
}
