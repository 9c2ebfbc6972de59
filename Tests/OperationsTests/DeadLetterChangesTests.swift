import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct DeadLetterChangesTests {
  @Test func `what is archived or discarded can be restored, and tells who did what`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let ids = [try await sample.bury(.read, of: nil), try await sample.bury(.read, of: nil)]
      #expect(try await letters.archive(.letters(ids, in: nil), by: "ada", reason: "later") == 2)
      #expect(try await letters.list(DeadLetters.Filter(state: .archived)).letters.count == 2)
      #expect(
        try await letters.discard(.letters([ids[0]], in: "read/media.truncated"), by: "bob", reason: "a test") == 1)
      #expect(try await letters.restore(.group("read/media.truncated"), by: "eve", reason: "") == 2)
      #expect(try await letters.list().letters.count == 2)
      let changes = try await letters.show(ids[0]).changes
      #expect(changes.map(\.action) == [.archive, .discard, .restore])
      #expect(changes.map(\.person) == ["ada", "bob", "eve"] && changes.map(\.reason) == ["later", "a test", ""])
      #expect(changes.map(\.before.state) == [.open, .archived, .discarded])
      #expect(changes.map(\.after.state) == [.archived, .discarded, .open])
    }
  }

  @Test func `of letters that are named all change, or none`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let open = try await sample.bury(.read, of: nil)
      let closed = try await sample.bury(.read, of: nil)
      let other = try await sample.bury(.join, of: nil)
      try await sample.client.query("update dead_letter set state = 'closed' where id = \(closed)")
      func refused(_ selection: DeadLetters.Selection) async -> String? {
        await #expect(throws: OperationError.self) {
          try await letters.discard(selection, by: "ada", reason: "no")
        }?.description
      }
      #expect(
        await refused(.letters([open, closed], in: nil))
          == "the dead letter \(closed) is closed; expected open or archived")
      let unknown = UUID.next()
      #expect(await refused(.letters([open, unknown], in: nil)) == "there is no dead letter \(unknown)")
      #expect(
        await refused(.letters([open, other], in: "read/media.truncated"))
          == "the dead letter \(other) is in the group `join/media.truncated`")
      #expect(await refused(.group("none"))?.contains("there is no group `none`") == true)
      #expect(try await letters.list().letters.count == 2)
      #expect(try await sample.client.query("select from dead_letter_change").isEmpty)
    }
  }

  @Test func `a large group is dealt with to its end`() async throws {
    try await Sample.with { sample in
      try await sample.client.query(
        """
        insert into dead_letter (id, queue, routing_key, body, error_code, error, build, group_name)
        select gen_random_uuid(), 'q', 'k', '', 'c', 'e', 'b', 'g' from generate_series(1, 12000)
        """)
      let letters = DeadLetters(sample.library)
      #expect(try await letters.archive(.group("g"), by: "ada", reason: "many") == 12_000)
      #expect(try await letters.archive(.group("g"), by: "ada", reason: "again") == 0)
      #expect(try await letters.group("g").counts[.archived] == 12_000)
    }
  }

  static let edited =
    #"{"assetId": "asset", "mediaType": "text", "requestedAt": 7, "stage": "read", "extra": {"a": 1}}"#

  @Test func `an edit keeps the lineage, and can be taken back`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let asset = try await sample.add("asset")
      let id = try await sample.bury(.read, of: asset)
      let before = try await letters.show(id)
      try await letters.edit(
        id, DeadLetterEdit(body: Array(Self.edited.utf8), headers: ["priority": "high"]), by: "ada", reason: "a typo")
      let after = try await letters.show(id)
      #expect(after.body == .message(try Message(decoding: Array(Self.edited.utf8), now: 8)))
      #expect(after.headers == ["traceparent": "00-a", "priority": "high"])
      #expect(after.summary == before.summary)
      try await letters.edit(id, DeadLetterEdit(headers: ["priority": nil]), by: "ada", reason: "not needed")
      try await letters.undoEdit(id, by: "bob", reason: "it was")
      #expect(try await letters.show(id).headers["priority"] == "high")
      let changes = try await letters.show(id).changes
      #expect(changes.map(\.action) == [.edit, .edit, .edit] && changes.map(\.person) == ["ada", "ada", "bob"])
      #expect(changes[0].before.headers == ["traceparent": "00-a"] && changes[0].after.body == Array(Self.edited.utf8))
      #expect(changes[1].before.body == nil && changes[1].after.headers == ["traceparent": "00-a"])
    }
  }

  @Test(arguments: [
    (#"{"assetId": "asset"}"#, "`mediaType` is missing"), ("[", "is no message"),
    (#"{"assetId": "other", "mediaType": "text", "requestedAt": 7, "stage": "read"}"#, "the letter is about the asset"),
    (#"{"assetId": "asset", "mediaType": "text", "requestedAt": 7, "stage": "join"}"#, "the new body asks for `join`"),
    (#"{"assetId": "asset", "mediaType": "text", "requestedAt": 7}"#, "the new body asks for `initial`"),
    (#"{"assetId": "asset", "extra": {"x": ""# + String(repeating: "x", count: 70_000) + #""}}"#, "the limit is 65536"),
  ])
  func `a body that is no message of the same work is refused`(body: String, why: String) async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let id = try await sample.bury(.read, of: try await sample.add("asset"))
      let error = await #expect(throws: OperationError.self) {
        try await letters.edit(id, DeadLetterEdit(body: Array(body.utf8)), by: "ada", reason: "x")
      }
      #expect(error?.description.contains(why) == true, "\(error?.description ?? "")")
    }
  }

  @Test(arguments: [
    "traceparent", "TraceState", "x-death", "X-Custom", "reelmill-attempt", "cloudEvents_id", "message_id", "", "a\0b",
    String(repeating: "n", count: 129),
  ])
  func `a header that says where a message comes from is locked`(name: String) async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let id = try await sample.bury(.read, of: nil)
      for value in ["x", nil] {
        await #expect(throws: OperationError.self) {
          try await letters.edit(id, DeadLetterEdit(headers: [name: value]), by: "ada", reason: "x")
        }
      }
    }
  }

  @Test func `what is closed, what is unknown and what changes nothing cannot be edited`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let id = try await sample.bury(.read, of: nil)
      func refused(_ id: UUID, _ edit: DeadLetterEdit) async -> String? {
        await #expect(throws: OperationError.self) { try await letters.edit(id, edit, by: "ada", reason: "x") }?
          .description
      }
      #expect(await refused(id, DeadLetterEdit()) == "nothing to change")
      #expect(await refused(id, DeadLetterEdit(headers: ["none": nil])) == "nothing to change: it is so already")
      let unknown = UUID.next()
      #expect(await refused(unknown, DeadLetterEdit(headers: ["a": "b"])) == "there is no dead letter \(unknown)")
      await #expect(throws: OperationError.self) { try await letters.undoEdit(id, by: "ada", reason: "x") }
      try await sample.client.query("update dead_letter set state = 'closed'")
      #expect(
        await refused(id, DeadLetterEdit(headers: ["a": "b"]))
          == "the dead letter \(id) is closed; expected open or archived"
      )
    }
  }

  @Test func `the body of what no stage serves can ask for any`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let id = try await sample.bury(.read, of: nil, body: "no message")
      try await sample.client.query("update dead_letter set stage = null, queue = 'reelmill.unroutable'")
      try await letters.edit(id, DeadLetterEdit(body: Array(Self.edited.utf8)), by: "ada", reason: "a typo")
      #expect(try await letters.show(id).summary.asset == (try AssetID(parsing: "asset")))
      try await letters.undoEdit(id, by: "ada", reason: "no")
      #expect(try await letters.show(id).summary.asset == nil)
    }
  }

  @Test func `an export has every letter that fits, oldest first, whatever its body`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      for index in 0..<450 {
        try await sample.bury(
          .read, of: nil, body: "\(index)", at: Timestamp(millisecondsSince1970: 1_700_000_000_000 + Int64(index)))
      }
      let last = try await sample.bury(.join, of: nil, at: Timestamp(millisecondsSince1970: 1_800_000_000_000))
      try await sample.client.query("update dead_letter set body = '\\x00ff' where id = \(last)")
      var exported: [JSON] = []
      try await letters.export(DeadLetters.Filter()) { exported.append($0) }
      #expect(exported.dropLast().map { $0["body"]?.string } == (0..<450).map { "\($0)" })
      #expect(exported.last?["bodyBase64"] == "AP8=" && exported.last?["id"]?.string == last.description)
      #expect(
        exported.first?["headers"]?["traceparent"] == "00-a" && exported.first?["detail"] == "moov atom not found")
      var some = 0
      try await letters.export(DeadLetters.Filter(stage: .join)) { _ in some += 1 }
      #expect(some == 1)
    }
  }

  @Test func `a letter shows the media that it is about`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let talk = try await sample.add("talk", title: "Talk")
      let frame = try await sample.add("frame")
      try await sample.client.query(
        "update asset set parent = \(talk.uuid), root = \(talk.uuid), offset_ms = 83000, media_type = 'keyframe' where id = \(frame.uuid)"
      )
      let ofFrame = try #require(try await letters.show(try await sample.bury(.paint, of: frame)).media)
      #expect(ofFrame.root == talk && ofFrame.rootTitle == "Talk" && ofFrame.mediaType == .keyframe)
      #expect(ofFrame.span?.start == 83_000 && ofFrame.content != nil)
      try await sample.client.query(
        """
        insert into artifact (asset, kind, fingerprint, value) values
          (\(talk.uuid), 'facts', decode(repeat('00', 32), 'hex'), '{"durationMilliseconds": 600000}')
        """)
      let letter = try await sample.bury(.read, of: talk)
      let whole = try #require(try await letters.show(letter).media?.span)
      #expect(whole.start == 0 && whole.end == 600_000)
      try await sample.client.query(
        """
        insert into run_window (asset, stage, recipe, number, value) values
          (\(talk.uuid), 'read', '', 0, '{"segments": [{"start": 1, "end": 250000}, {"start": 2, "end": 290000}]}'),
          (\(talk.uuid), 'read', '', 1, '{"segments": []}')
        """)
      let rest = try #require(try await letters.show(letter).media?.span)
      #expect(rest.start == 290_000 && rest.end == 600_000)
    }
  }
}
