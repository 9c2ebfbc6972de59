import AMQP
import Engine
import JSON
import Observability
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// One trace from the first message to the last stage.
@Suite struct TraceTests {
  /// Keeps spans.
  private final class Spans: Sendable {
    private let kept = Mutex<[Span]>([])
    var tracer: Tracer { Tracer { [self] span in kept.withLock { $0.append(span) } } }
    var all: [Span] { kept.withLock { $0 } }

    func named(_ name: String) -> [Span] { all.filter { $0.name == name } }
  }

  private static let chain = [
    TestStage("first", reads: [.required(.source)], writes: "a"),
    TestStage("second", reads: [.required(ArtifactKind(rawValue: "a"))], writes: "b"),
  ]

  @Test func `each run is a span of the trace that intake began, and its parent is what asked for it`() async throws {
    let spans = Spans()
    try await EngineHarness.with(Self.chain) { harness in
      try await harness.working(tracer: spans.tracer) {
        let id = try await harness.add("asset")
        let begun = try await harness.begunTrace()
        try await harness.finished([id])
        try await eventually("all spans are there") { spans.all.count == 3 }
        let (dispatch, first, second) = (spans.named("dispatch"), spans.named("first"), spans.named("second"))
        if let begun { #expect(dispatch.first?.parent == begun) }
        #expect(dispatch.first?.parent != nil)
        #expect(first.first?.parent == dispatch.first?.context)
        #expect(second.first?.parent == first.first?.context)
        #expect(Set(spans.all.map(\.context.traceID)).count == 1)
        #expect(
          try #require(first.first).attributes.map(\.key) == [
            "reelmill.asset", "reelmill.stage", "reelmill.attempt", "reelmill.lane", "reelmill.outcome",
          ])
        #expect(first.first?.attributes.map(\.value) == ["\(id)", "first", 1, "live", "finished"])
        #expect(spans.all.allSatisfy { $0.failure == nil && $0.end >= $0.start })
      }
    }
  }

  @Test func `a parked run and a child stay in the trace`() async throws {
    let spans = Spans()
    let tries = Mutex(0)
    let stages = [
      TestStage(
        "split", reads: [.required(.source)], writes: "a",
        work: { context throws(StageFailure) in
          guard
            tries.withLock({
              $0 += 1; return $0
            }) > 1
          else { throw .transient("test.passing", "once more") }
          return try await TestStage.combine(context)
        },
        children: { parent in
          [
            ChildAsset(
              id: AssetID(keyFrameOf: parent.id, milliseconds: 1, picture: .init(hashing: "picture")),
              mediaType: .keyframe, title: "Picture", offsetMilliseconds: 1,
              source: BlobReference(digest: .init(hashing: "picture"), size: 7))
          ]
        }),
      TestStage("look", reads: [.required(.source)], of: .keyframe, writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      try await harness.working(tracer: spans.tracer) {
        _ = try await harness.add("asset")
        try await eventually("the child was looked at") { !spans.named("look").isEmpty }
        let splits = spans.named("split")
        #expect(splits.map { $0.attributes.first { $0.key == "reelmill.outcome" }?.value } == ["parked", "finished"])
        #expect(splits.first?.attributes.last?.value == "test.passing" && splits.first?.failure != nil)
        #expect(splits.last?.parent == splits.first?.context, "what was parked goes on from there")
        #expect(spans.named("dispatch").last?.parent == splits.last?.context, "the child's first message")
        #expect(Set(spans.all.map(\.context.traceID)).count == 1)
      }
    }
  }

  @Test func `a message without a trace begins one, and one that is not recorded makes no span`() async throws {
    let spans = Spans()
    try await EngineHarness.with(Self.chain) { harness in
      try await harness.working(tracer: spans.tracer) {
        let id = try await harness.add("asset")
        try await harness.finished([id])
        try await eventually("all spans are there") { spans.all.count == 3 }
        try await harness.ring([.refresh], of: id, lane: .live)
        try await eventually("it was dispatched again") { spans.named("dispatch").count == 2 }
        #expect(spans.named("dispatch").last?.parent == nil)
        let unrecorded = TraceContext.root(isSampled: false).traceparent
        try await harness.withBrokerConnection { connection in
          _ = try await connection.publish([
            OutgoingMessage(
              Message(asset: id, mediaType: .text, requestedAt: 1, stage: .refresh), lane: .live, trace: unrecorded)
          ])
        }
        try await harness.queuesAreEmpty()
      }
      #expect(spans.all.count == 4)
    }
  }

  @Test func `without a tracer the context is passed on as it came, and log lines about work carry it`() async throws {
    let stages = [
      Self.chain[0], TestStage("second", reads: [.required(.a)], writes: "b", work: TestStage.refuse),
    ]
    let log = Mutex<[UInt8]>([])
    let output = LogOutput(format: .json) { bytes in log.withLock { $0 += bytes } }
    try await EngineHarness.with(stages) { harness in
      let id = try await harness.add("asset")
      let begun = try #require(try await harness.begunTrace())
      try await harness.working(logger: Logger(level: .info, output: output)) { try await harness.finished([id]) }
      let kept = try await harness.client.query("select headers->>'traceparent' as trace from dead_letter").one()
      #expect(try kept["trace", as: String?.self] == begun.traceparent)
      output.flush()
      let lines = log.withLock { String(decoding: $0, as: UTF8.self) }.split(separator: "\n")
      let line = try #require(lines.map { try JSON(parsing: String($0)) }.first { $0["message"] == "gave up" })
      #expect(line["asset"]?.string == "\(id)" && line["stage"] == "second" && line["attempt"] == 1)
      #expect(line["trace_id"]?.string == begun.traceID && line["lane"] == "live")
    }
  }
}

extension EngineHarness {
  /// The trace of the message that stands in the outbox; nil if it was published.
  fileprivate func begunTrace() async throws -> TraceContext? {
    try await client.query("select headers->>'traceparent' as trace from outbox").first
      .flatMap { try $0["trace", as: String?.self] }.flatMap(TraceContext.init(traceparent:))
  }
}
