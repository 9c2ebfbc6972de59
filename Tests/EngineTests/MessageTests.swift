import AMQP
import Engine
import JSON
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Messages that are none: each ends as a row and a message of the same id, with the reason.
@Suite struct MessageTests {
  struct Foreign: CustomTestStringConvertible {
    let testDescription: String
    let body: String
    var headers: FieldTable = [:]
    let code: String
    let reason: String
  }

  static let unknown = #"{"assetId": "nobody", "mediaType": "text", "requestedAt": 1, "stage": "one"}"#

  static let foreign = [
    Foreign(testDescription: "not JSON", body: "hello", code: "message.invalid", reason: "the body is"),
    Foreign(testDescription: "an array", body: "[1]", code: "message.invalid", reason: "expected a JSON object"),
    Foreign(
      testDescription: "without asset", body: #"{"mediaType": "text", "requestedAt": 1}"#, code: "message.invalid",
      reason: "`assetId` is missing"),
    Foreign(
      testDescription: "too long", body: #"{"assetId": ""# + String(repeating: "x", count: 70_000) + #""}"#,
      code: "message.invalid", reason: "the limit is 65536"),
    Foreign(
      testDescription: "about an asset that nobody has known for more than a minute", body: unknown,
      headers: ["reelmill-first-seen": .integer(1)], code: "asset.unknown", reason: "there is no asset"),
    Foreign(
      testDescription: "about an asset that nobody has known since before time", body: unknown,
      headers: ["reelmill-first-seen": .integer(.min)], code: "asset.unknown", reason: "there is no asset"),
    Foreign(
      testDescription: "with the broker's own headers and a NUL in another", body: "{}",
      headers: ["x-death": .string("copied"), "x-delivery-count": .integer(7), "note": .string("a\0b")],
      code: "message.invalid", reason: "`assetId` is missing"),
  ]

  @Test(arguments: foreign)
  func `a message that nobody can answer becomes a dead letter`(_ foreign: Foreign) async throws {
    let stages = EngineTests.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        try await harness.consuming("one.live")
        try await harness.withBrokerConnection { connection in
          let message = OutgoingMessage(
            exchange: Topology.exchange(.live), routingKey: "text.one",
            properties: MessageProperties(headers: foreign.headers), body: Array(foreign.body.utf8))
          #expect(try await connection.publish([message]) == [.confirmed])
          try await eventually("its dead letter is there") {
            try await connection.inspectQueue("one.dead").ready == 1
          }
          let (delivery, _) = try #require(try await connection.pull(queue: "one.dead").get())
          let row = try await harness.client.query("select id::text as id, error_code, error from dead_letter").one()
          #expect(delivery.properties.messageID == (try row["id", as: String.self]))
          #expect(delivery.body == Array(foreign.body.utf8))
          #expect(delivery.properties.headers["x-death"] == nil)
          #expect(try row["error_code", as: String.self] == foreign.code)
          #expect(try row["error", as: String.self].contains(foreign.reason))
        }
        // The next one is answered: nothing is stuck behind it.
        try await harness.finished([try await harness.add("good")])
      }
    }
  }

  @Test func `a routing key that no stage serves is kept where people see it`() async throws {
    try await EngineHarness.with(EngineTests.pipeline()) { harness in
      try await harness.working {
        try await harness.consuming("one.live")
        try await harness.withBrokerConnection { connection in
          let message = OutgoingMessage(
            exchange: Topology.exchange(.bulk), routingKey: "text.typo", properties: MessageProperties(), body: [])
          #expect(try await connection.publish([message]) == [.confirmed])
          try await eventually("it is kept") { try await connection.inspectQueue(Topology.unroutable).ready == 1 }
        }
      }
    }
  }
}
