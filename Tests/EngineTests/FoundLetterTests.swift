import AMQP
import Engine
import Identifiers
import JSON
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Messages that no row knows become dead letters that people see.
@Suite struct FoundLetterTests {
  struct Stranger: CustomTestStringConvertible {
    let testDescription: String
    var id: String?
    var headers: FieldTable = [:]
    var body = Array(#"{"assetId": "talk", "mediaType": "text", "requestedAt": 1, "stage": "one"}"#.utf8)
    var code = "message.foreign"
    var keptHeaders: FieldTable = [:]
  }

  static let strangers = [
    Stranger(testDescription: "without headers and id"),
    Stranger(testDescription: "with an id that is none of ours", id: "018f3a2b-0000-7000-8000-000000000001"),
    Stranger(testDescription: "with an id that is no UUID", id: "a\0b"),
    Stranger(
      testDescription: "with headers of all kinds",
      headers: [
        "a": .bytes([0, 255]), "b": .table(["c": .array([.void])]), "d": .double(0.5), "e": .string("x\0y"),
        "f": .integer(.min), "g": .timestamp(.max),
      ], keptHeaders: ["e": .string("x\u{2400}y"), "f": .integer(.min)]),
    Stranger(
      testDescription: "with a copied x-death",
      headers: [
        "x-death": .array([
          .table([
            "reason": "delivery_limit", "queue": "one.live", "count": 3, "time": .timestamp(1_700_000_000),
            "routing-keys": .array(["text.one"]),
          ])
        ])
      ], code: "broker.delivery-limit"),
    Stranger(
      testDescription: "with an x-death that makes no sense",
      headers: ["x-death": .array([.table(["reason": "no\0ne", "routing-keys": .array([.void]), "count": "many"])])],
      code: "broker.dead-lettered"),
    Stranger(testDescription: "with an x-death of another kind", headers: ["x-death": "yes"]),
    Stranger(testDescription: "with NUL bytes for a body", body: [0, 0, 255, 0]),
    Stranger(testDescription: "with an empty body", body: []),
    Stranger(testDescription: "longer than a message may be", body: Array(repeating: 120, count: 3_000_000)),
  ]

  @Test(arguments: strangers)
  func `a message without a row gets one, once`(_ stranger: Stranger) async throws {
    try await SweepHarness.with { harness in
      let message = OutgoingMessage(
        exchange: "", routingKey: SweepHarness.queue,
        properties: MessageProperties(messageID: stranger.id, headers: stranger.headers), body: stranger.body)
      // Twice: what cannot be told apart is one.
      #expect(try await harness.connection.publish([message, message]) == [.confirmed, .confirmed])
      let report = try await harness.swept()
      #expect(report.found == 1 && report.duplicates == 1)
      try await harness.expectAgreement()
      let row = try await harness.client.query("select *, id::text as text from dead_letter").one()
      #expect(try row["error_code", as: String.self] == stranger.code)
      #expect(try row["body", as: [UInt8].self] == stranger.body)
      #expect(try row["stage", as: String?.self] == "one")
      let kept = try #require(try await harness.messages().first)
      #expect(kept.properties.messageID == (try row["text", as: String.self]))
      #expect(kept.ownHeaders == stranger.keptHeaders)
      #expect(kept.body == stranger.body)
      let again = try await harness.swept()
      #expect(again.kept == 1 && again.found == 0)
    }
  }

  @Test func `what the broker gives up says where it came from`() async throws {
    try await SweepHarness.with { harness in
      let body = #"{"assetId": "talk", "mediaType": "text", "requestedAt": 1, "stage": "one"}"#
      let message = OutgoingMessage(
        exchange: Topology.exchange(.live), routingKey: "text.one",
        properties: MessageProperties(messageID: UUID.next().description), body: Array(body.utf8))
      #expect(try await harness.connection.publish([message]) == [.confirmed])
      let puller = try await harness.connection.pull(queue: "one.live")
      try await eventually("the broker has had enough", within: .seconds(30)) {
        guard let (delivery, _) = try await puller.get() else {
          return try await harness.connection.inspectQueue(SweepHarness.queue).ready == 1
        }
        await puller.nack(delivery.tag, requeue: true)
        return false
      }
      #expect(try await harness.swept().found == 1)
      try await harness.expectAgreement()
      let row = try await harness.client.query("select * from dead_letter").one()
      #expect(try row["error_code", as: String.self] == "broker.delivery-limit")
      #expect(try row["routing_key", as: String.self] == "text.one")
      #expect(try row["asset", as: UUID?.self] == (try AssetID(parsing: "talk").uuid))
    }
  }

  @Test func `what no stage serves is a dead letter with its routing key`() async throws {
    try await SweepHarness.with { harness in
      let messages = ["text.oen", "", "video.a\0b"].map { key in
        OutgoingMessage(exchange: Topology.exchange(.live), routingKey: key, body: Array("{}".utf8))
      }
      #expect(try await harness.connection.publish(messages) == [.confirmed, .confirmed, .confirmed])
      #expect(try await harness.swept(Topology.unroutable).found == 3)
      try await harness.expectAgreement(in: Topology.unroutable)
      let rows = try await harness.client.query(
        "select stage, routing_key, error_code from dead_letter order by routing_key",
        as: (String?, String, String).self)
      #expect(rows.map(\.0) == [nil, nil, nil])
      #expect(Set(rows.map(\.1)) == ["", "text.oen", "video.a\u{2400}b"])
      #expect(Set(rows.map(\.2)) == ["message.unroutable"])
    }
  }

  @Test func `one that comes back after somebody dealt with it is open again`() async throws {
    try await SweepHarness.with { harness in
      try await harness.publish([nil], body: Array("same".utf8))
      try await harness.swept()
      try await harness.client.query("update dead_letter set state = 'closed'")
      try await harness.publish([nil], body: Array("same".utf8))
      let report = try await harness.swept()
      #expect(report.closed == 1 && report.found == 1)
      try await harness.expectAgreement()
    }
  }

  @Test func `workers sweep by themselves`() async throws {
    try await EngineHarness.with(EngineTests.pipeline()) { harness in
      try await harness.working(sweepInterval: .milliseconds(50)) {
        try await harness.consuming("one.live")
        try await harness.withBrokerConnection { connection in
          let typo = OutgoingMessage(exchange: Topology.exchange(.bulk), routingKey: "text.typo", body: [1])
          #expect(try await connection.publish([typo]) == [.confirmed])
          try await eventually("it is a dead letter") {
            try await harness.count("select count(*) as n from dead_letter where error_code = 'message.unroutable'")
              == 1
          }
          try await harness.client.query("update dead_letter set state = 'archived'")
          try await eventually("it is gone") { try await connection.inspectQueue(Topology.unroutable).ready == 0 }
        }
      }
    }
  }
}
