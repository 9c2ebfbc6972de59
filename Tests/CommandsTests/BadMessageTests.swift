import JSON
import Subprocess
import TestSupport
import Testing

extension WithSamples {
  /// What a foreign producer may get wrong: a dead letter says what, and the worker goes on.
  @Suite struct BadMessageTests {
    let library: Library

    init() throws { library = try WithSamples.library }

    static let now = "1691352890123"

    /// Waits for a dead letter whose error has the text.
    private func deadLetter(_ code: String, containing text: String) async throws {
      try await eventually("a dead letter \(code) says: \(text)", within: .seconds(60)) {
        let page = try await library.reelmill.succeeds("dlq", "list", "--code", code, "--json", "-n", "100").json
        return page["letters"]?.array?.contains { $0["error"]?.string?.contains(text) == true } ?? false
      }
    }

    @Test(arguments: [
      ("not JSON at all", "the body is "), ("[1, 2, 3]", "expected a JSON object, came an array"),
      (#"{"mediaType":"text","requestedAt":\#(now)}"#, "`assetId`"),
      (#"{"assetId":7,"mediaType":"text","requestedAt":\#(now)}"#, "`assetId`"),
      (#"{"assetId":"a","mediaType":"smell","requestedAt":\#(now)}"#, "`mediaType`"),
      (#"{"assetId":"a","mediaType":"text","requestedAt":"noon"}"#, "`requestedAt`"),
      (#"{"assetId":"a","mediaType":"text","requestedAt":99999999999999}"#, "`requestedAt`"),
      (#"{"assetId":"a","mediaType":"text","requestedAt":\#(now),"stage":"No Stage"}"#, "`stage`"),
    ])
    func `a body that is no message is a dead letter that names the member`(body: String, member: String) async throws {
      try await library.publish(body, routingKey: "text.initial")
      try await deadLetter("message.invalid", containing: member)
    }

    @Test func `an id of ten thousand bytes is refused`() async throws {
      let id = String(repeating: "a", count: 10_000)
      try await library.publish(
        #"{"assetId":"\#(id)","mediaType":"text","requestedAt":\#(Self.now)}"#, routingKey: "text.initial")
      try await deadLetter("message.invalid", containing: "`assetId`")
    }

    @Test func `a body that is too large is refused`() async throws {
      let padding = String(repeating: "a", count: 70_000)
      try await library.publish(
        #"{"assetId":"a","mediaType":"text","requestedAt":\#(Self.now),"x":"\#(padding)"}"#, routingKey: "text.initial")
      try await deadLetter("message.invalid", containing: "65536")
    }

    @Test func `an asset that nobody wrote is given up when patience ends`() async throws {
      try await library.publish(
        #"{"assetId":"nobody-wrote-me","mediaType":"text","requestedAt":\#(Self.now)}"#, routingKey: "text.initial")
      try await deadLetter("asset.unknown", containing: "was its transaction rolled back?")
    }

    @Test func `a message for a stage that nobody serves is kept, and status tells`() async throws {
      try await library.publish(
        #"{"assetId":"a","mediaType":"text","requestedAt":\#(Self.now),"stage":"translate"}"#,
        routingKey: "text.translate")
      try await eventually("status tells of it") {
        try await library.reelmill.succeeds("status").output.contains("unroutable messages: ")
      }
    }

    @Test func `ten thousand messages that wait cost the worker no memory`() async throws {
      let id = try await library.ingest(library.write("knocked-at.txt", "Ten thousand knocks at this door."), "--wait")
      let status = try await library.reelmill.succeeds("status", "--json").json
      let worker = try #require(status["workers"]?.array?.first?["processId"]?.integer)
      let message = #"{"assetId":"\#(id)","mediaType":"text","requestedAt":\#(Self.now),"stage":"refresh"}"#
      // What is set up for the first messages is not of interest.
      try await library.publish(Array(repeating: Array(message.utf8), count: 500), routingKey: "text.refresh")
      let before = try ProcessMemory.resident(worker)
      var peak = before
      for _ in 0..<20 {
        try await library.publish(Array(repeating: Array(message.utf8), count: 500), routingKey: "text.refresh")
        peak = max(peak, try ProcessMemory.resident(worker))
      }
      #expect(peak - before < 20 << 20, "\(before >> 20) MiB before, \(peak >> 20) MiB at most")
      try await eventually("all of them are answered", within: .seconds(120)) {
        let stages = try await library.reelmill.succeeds("status", "--json").json["broker"]?["stages"]?.array ?? []
        return stages.first { $0["stage"] == "dispatch" }?["live"]?["ready"]?.integer == 0
      }
      let runs = try await library.reelmill.succeeds("why", id, "--json").json["events"]?.array ?? []
      #expect(runs.count { $0["type"] == "run" && $0["stage"] == "index" } == 1)
    }
  }
}
