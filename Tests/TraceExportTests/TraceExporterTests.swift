import Concurrency
import JSON
import Observability
import TestSupport
import Testing
import TraceExport

@Suite struct TraceExporterTests {
  private func span(
    _ name: String = "read", in context: TraceContext = .root(), parent: TraceContext? = nil, failure: String? = nil
  ) -> Span {
    Span(
      name, .consumer, context: context, parent: parent, start: Span.now,
      attributes: [("reelmill.asset", "a1"), ("reelmill.attempt", 2)], failure: failure)
  }

  private func exporter(
    _ endpoint: String, _ change: (inout TraceExportConfiguration) -> Void = { _ in }
  ) throws -> TraceExporter {
    var configuration = try TraceExportConfiguration(
      endpoint: endpoint, headers: "x-key=a%20secret", service: "mill", version: "1.2")
    change(&configuration)
    return TraceExporter(configuration, logger: .silent)
  }

  @Test func `a collector gets spans as OTLP has them, with the headers that it wants`() async throws {
    let collector = Collector()
    let parent = TraceContext.root()
    let context = parent.child()
    try await collector.serving { endpoint in
      let exporter = try exporter(endpoint)
      try await exporter.exporting {
        exporter.tracer.record(span(in: context, parent: parent, failure: "the file ends early"), in: context)
      }
      #expect(exporter.exportedCount == 1 && exporter.droppedCount == 0)
    }
    let received = try #require(collector.received.first)
    #expect(received.key == "a secret" && received.contentType == "application/json")
    let service = received.document["resourceSpans"]?.array?.first?["resource"]?["attributes"]?.array?.first
    #expect(service == ["key": "service.name", "value": ["stringValue": "mill"]])
    let sent = try #require(collector.spans.first)
    #expect(sent["traceId"]?.string == parent.traceID && sent["parentSpanId"]?.string == parent.spanID)
    #expect(sent["spanId"]?.string == context.spanID && sent["name"] == "read" && sent["kind"] == 5)
    #expect(sent["status"] == ["code": 2, "message": "the file ends early"])
    #expect(
      sent["attributes"] == [
        ["key": "reelmill.asset", "value": ["stringValue": "a1"]],
        ["key": "reelmill.attempt", "value": ["intValue": "2"]],
      ])
    let times = ["startTimeUnixNano", "endTimeUnixNano"].compactMap { sent[$0]?.string.flatMap { UInt64($0) } }
    #expect(times.count == 2 && times[0] <= times[1])
  }

  @Test func `many spans go in batches, and all that wait are sent at the end`() async throws {
    let collector = Collector()
    try await collector.serving { endpoint in
      let exporter = try exporter(endpoint) { $0.batch = 10 }
      try await exporter.exporting {
        for _ in 0..<95 { exporter.tracer.record(span(), in: .root()) }
      }
      #expect(exporter.exportedCount == 95)
    }
    #expect(collector.received.count == 10 && collector.spans.count == 95)
  }

  @Test func `what finds the queue full is dropped and counted`() async throws {
    let exporter = try exporter("http://127.0.0.1:9") { $0.capacity = 3 }
    for _ in 0..<5 { exporter.tracer.record(span(), in: .root()) }
    #expect(exporter.droppedCount == 2)
  }

  @Test func `a collector that is busy is asked again, one that refuses is not`() async throws {
    let busy = Collector(statuses: [503, 429])
    try await busy.serving { endpoint in
      let exporter = try exporter(endpoint)
      try await exporter.exporting { exporter.tracer.record(span(), in: .root()) }
      #expect(exporter.exportedCount == 1)
    }
    let refusing = Collector(statuses: [400])
    try await refusing.serving { endpoint in
      let exporter = try exporter(endpoint)
      try await exporter.exporting { exporter.tracer.record(span(), in: .root()) }
      #expect(exporter.exportedCount == 0 && exporter.droppedCount == 1)
    }
    #expect(refusing.received.isEmpty)
  }

  @Test func `nobody waits for a collector that is not there, not even at the end`() async throws {
    let exporter = try exporter("http://127.0.0.1:9") {
      $0.farewell = .milliseconds(50)
      $0.attempts = 1000
    }
    try await exporter.exporting { for _ in 0..<600 { exporter.tracer.record(span(), in: .root()) } }
    #expect(exporter.droppedCount == 600)
  }

  @Test func `a trace that its producer does not record is not sent`() async throws {
    let exporter = try exporter("http://127.0.0.1:9") { $0.capacity = 0 }
    let context = TraceContext.root(isSampled: false)
    exporter.tracer.record(span(in: context), in: context)
    #expect(exporter.droppedCount == 0, "it did not even come to the queue")
  }

  @Test(arguments: ["novalue", "=x", "a b=c", "k=%zz", "k=%0A", "k=%ff"])
  func `headers that are none are refused, without being told`(text: String) {
    let error = #expect(throws: InvalidTraceHeaders.self) {
      try TraceExportConfiguration(endpoint: "http://h", headers: text, service: "s", version: "1")
    }
    #expect(error?.description.contains(text) == false)
  }

  @Test func `the path is added to the endpoint once`() throws {
    for endpoint in ["http://h:4318", "http://h:4318/"] {
      #expect(
        try TraceExportConfiguration(endpoint: endpoint, service: "s", version: "1").url == "http://h:4318/v1/traces")
    }
  }
}
