import AMQP
import Concurrency
import FoundationEssentials
import JSON
import PostgreSQL
import Subprocess
import TestSupport
import Testing

/// What people type to deal with dead letters.
@Suite struct DeadLetterCommandsTests {
  @Test func `a typo of a producer is found, noted, edited, put away, restored, discarded and exported`() async throws {
    try await Library.with { library in
      let reelmill = library.reelmill
      try await reelmill.succeeds("dlq", "sweep")
      try await publish(1, to: library, routingKey: "text.pasages", headers: ["traceparent": "00-a"])
      let before = try await reelmill.succeeds("dlq", "sweep", "--dry-run", "--json").jsonLines
      let unroutable = before.first { $0["queue"]?.string == "reelmill.unroutable" }
      #expect(unroutable?["messages"] == 1 && unroutable?["open"] == 0)
      let swept = try await reelmill.succeeds("dlq", "sweep", "--json").jsonLines
      #expect(swept.first { $0["queue"]?.string == "reelmill.unroutable" }?["found"] == 1)

      let listed = try await reelmill.succeeds("dlq", "list", "--since", "1h", "--json").json["letters"]?.array ?? []
      #expect(listed.count == 1 && listed.first?["routingKey"] == "text.pasages")
      let id = try #require(listed.first?["id"]?.string)
      let group = try #require(listed.first?["group"]?.string)
      #expect(group.hasPrefix("unroutable/message.unroutable/"))
      try await reelmill.succeeds("dlq", "note", group, "the importer; ask Ada")
      let groups = try await reelmill.succeeds("dlq", "groups")
      #expect(groups.output.contains(group) && groups.output.contains("ask Ada"))

      let body = try library.write(
        "body.json", #"{"assetId": "talk", "mediaType": "text", "requestedAt": 1, "stage": "passages"}"#)
      let wrong = try await reelmill("dlq", "edit", id, "--header", "traceparent=x", "--reason", "r")
      #expect(wrong.code == 1 && wrong.complaint.contains("cannot be changed"))
      try await reelmill.succeeds("dlq", "edit", id, "--body", body, "--header", "note=mended", "--reason", "a typo")
      try await reelmill.succeeds("dlq", "archive", id, "--reason", "later")
      try await reelmill.succeeds("dlq", "restore", "--group", group)
      let shown = try await reelmill.succeeds("dlq", "show", id).output
      for part in [
        "text.pasages", "edit by local: a typo", "archive by local: later", "headers after:", "body before:",
      ] {
        #expect(shown.contains(part), "\(part): \(shown)")
      }
      let unconfirmed = try await reelmill("dlq", "discard", id, "--reason", "r")
      #expect(unconfirmed.code == 64 && unconfirmed.complaint.contains("--group \(group)"))
      #expect(try await reelmill("dlq", "discard", "--group", group).code == 64)
      #expect(try await reelmill("dlq", "sweep", "--stage", "sleep").code == 64)
      try await reelmill.succeeds("dlq", "discard", "--group", group, "--reason", "a test")
      let exported = try await reelmill.succeeds("dlq", "export", "--state", "all").jsonLines
      #expect(exported.count == 1 && exported.first?["state"] == "discarded")
      #expect(exported.first?["headers"]?["note"] == "mended")
      let last = try await reelmill.succeeds("dlq", "sweep", "--json").jsonLines
      #expect(last.first { $0["queue"]?.string == "reelmill.unroutable" }?["closed"] == 1)
    }
  }

  @Test(arguments: [
    ["edit", "x", "--body", "y", "--reason", "r"], ["edit", "018f3a2b-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "--reason", "r"],
    ["archive"], ["archive", "x"], ["discard", "--group", "g", "--reason", ""],
    ["list", "--state", "gone"], ["list", "--stage", "A b"],
  ])
  func `a wrong command line says what is right`(arguments: [String]) async throws {
    try await withFolder { folder in
      let command = try Reelmill(folder: folder).command(["dlq"] + arguments, deadline: .seconds(60))
      let answer = Answer(try await command.run())
      #expect(answer.code == 64 && !answer.complaint.isEmpty, "\(answer.complaint)")
    }
  }

  @Test func `a sweep that is killed is gone on with, and nothing is lost or doubled`() async throws {
    try await Library.with { library in
      try await library.reelmill.succeeds("dlq", "sweep")
      let count = 4000
      try await publish(count, to: library, routingKey: "text.pasages")
      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let client = PostgresClient(try PostgresConfiguration(url: library.databaseURL), on: loop)
      func rows() async throws -> Int64 {
        try await client.query("select count(*) as n from dead_letter", as: Int64.self)[0]
      }
      try await library.reelmill.command(["dlq", "sweep"], deadline: nil).withRunning { sweep in
        try await eventually("it is in the middle") { try await rows() > 0 }
        await sweep.send(.kill)
        _ = await sweep.outcome()
      }
      // Its lease need not be waited for here.
      try await client.query("delete from dead_letter_sweep")
      try await library.reelmill.succeeds("dlq", "sweep")
      #expect(try await rows() == count)
      let again = try await library.reelmill.succeeds("dlq", "sweep", "--json").jsonLines
      let report = again.first { $0["queue"]?.string == "reelmill.unroutable" }
      #expect(report?["kept"]?.integer == Int64(count) && report?["duplicates"] == 0 && report?["returned"] == 0)
      await client.close()
    }
  }

  /// Publishes messages of different bodies where a foreign producer would.
  private func publish(
    _ count: Int, to library: Library, routingKey: String, headers: FieldTable = [:]
  ) async throws {
    let loop = EventLoop(name: "test-publish")
    defer { loop.stop() }
    let connection = try await AMQPConnection.connect(to: try AMQPURL(library.brokerURL), on: loop)
    let messages = (0..<count).map { number in
      OutgoingMessage(
        exchange: "reelmill.live", routingKey: routingKey, properties: MessageProperties(headers: headers),
        body: Array(#"{"assetId": "talk", "number": \#(number)}"#.utf8))
    }
    #expect(try await connection.publish(messages).allSatisfy { $0 == .confirmed })
    await connection.close()
  }
}
