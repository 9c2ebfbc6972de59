import JSON
import Pipeline
import Testing

@Suite struct MessageTests {
  static let now: Int64 = 1_700_000_000_000
  static let valid: [String: JSON] = [
    "assetId": "0190b2a6-0000-7000-8000-000000000001", "mediaType": "video", "requestedAt": .integer(now),
    "stage": "transcribe", "extra": ["a": 1], "later": ["x"],
  ]

  func decode(_ members: [String: JSON]) throws(InvalidMessage) -> Message {
    try Message(decoding: JSON.object(members).canonicalBytes, now: Self.now)
  }

  @Test func `a message is read and written back with all its members`() throws {
    let message = try decode(Self.valid)
    #expect(message.stage == .stage(StageName("transcribe")))
    #expect(message.routingKey == "video.transcribe")
    #expect(message.unknown == ["later": ["x"]])
    #expect(message.body == JSON.object(Self.valid).canonicalBytes)
  }

  @Test func `a missing stage means initial`() throws {
    var members = Self.valid
    members["stage"] = nil
    #expect(try decode(members).stage == .initial)
  }

  @Test func `a message that is as long as may be can be sent on`() throws {
    var members = Self.valid
    (members["stage"], members["extra"]) = (nil, nil)
    let length = Message.maximumSize - JSON.object(members).canonicalBytes.count
    members["later"] = .array([.string("x"), .string(String(repeating: "x", count: length - 3))])
    #expect(JSON.object(members).canonicalBytes.count == Message.maximumSize)
    let sent = try decode(members).asking(for: StageName("transcribe")).body
    #expect(try Message(decoding: sent, now: Self.now).stage == .stage(StageName("transcribe")))
  }

  @Test func `a slug names the same asset each time and is sent on as it came`() throws {
    var members = Self.valid
    members["assetId"] = "My_talk.2024"
    let message = try decode(members)
    #expect(try decode(members).asset == message.asset)
    #expect(try JSON(parsing: message.body)["assetId"] == "My_talk.2024")
    members["assetId"] = "my_talk.2024"
    #expect(try decode(members).asset != message.asset)
  }

  static let broken: [(String, JSON?, String)] = [
    ("assetId", nil, "`assetId` is missing"),
    ("assetId", 7, "`assetId`: expected a string, came a number"),
    ("assetId", "../etc/passwd", "`assetId` is not an asset id"),
    ("assetId", .string(String(repeating: "a", count: 10_000)), "`assetId` is not an asset id"),
    ("assetId", "", "`assetId` is not an asset id"),
    ("mediaType", nil, "`mediaType` is missing"),
    ("mediaType", "film", "`mediaType`: expected one of video, audio, image, keyframe, text, came `film`"),
    ("requestedAt", nil, "`requestedAt` is missing"),
    ("requestedAt", "yesterday", "`requestedAt`: expected milliseconds"),
    ("requestedAt", 1.5, "`requestedAt`: expected milliseconds"),
    ("requestedAt", -1, "`requestedAt`: expected milliseconds"),
    ("requestedAt", .integer(now * 1000), "`requestedAt` is more than a day in the future"),
    ("stage", "Transcribe!", "`stage`: `Transcribe!` cannot be the name of a stage"),
    ("stage", .null, "`stage`: expected a string, came null"),
    ("extra", [1], "`extra`: expected an object, came an array"),
  ]

  @Test(arguments: broken)
  func `a member that is missing or wrong is named`(member: String, value: JSON?, says: String) {
    var members = Self.valid
    members[member] = value
    let error = #expect(throws: InvalidMessage.self) { try decode(members) }
    #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: ["", "nonsense", "[]", "\"text\"", "{", "null"])
  func `what is no JSON object is refused`(body: String) {
    #expect(throws: InvalidMessage.self) { try Message(decoding: Array(body.utf8), now: Self.now) }
  }

  @Test func `a body over the limit is refused before it is parsed`() {
    let error = #expect(throws: InvalidMessage.self) {
      try Message(decoding: [UInt8](repeating: 0x20, count: Message.maximumSize + 1), now: Self.now)
    }
    #expect(error?.description.contains("the limit is 65536") == true)
  }
}
