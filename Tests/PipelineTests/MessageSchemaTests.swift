import FoundationEssentials
import JSON
import Pipeline
import TestSupport
import Testing

/// The contract with producers, schemas/messages/, and the program that decodes messages say the same.
///
/// What is generated here is checked against the schema itself by scripts/check-schemas, which scripts/test runs.
@Suite struct MessageSchemaTests {
  static let now: Int64 = 1_700_000_000_000
  static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../schemas/messages/examples").standardizedFileURL

  /// The bodies of the examples in a folder, by file name.
  static func bodies(in folder: URL) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    try #require(!names.isEmpty)
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0)))) })
  }

  @Test func `every valid example is a message, and keeps all its members when it is sent on`() throws {
    for (name, body) in try Self.bodies(in: Self.examples) {
      let message = try Message(decoding: body, now: Self.now)
      let sent = try #require(try JSON(parsing: message.body).object)
      for (member, value) in try #require(try JSON(parsing: body).object) where member != "assetId" {
        #expect(sent[member] == value, "\(name): \(member)")
      }
      #expect(try Message(decoding: message.body, now: Self.now) == message, "\(name)")
    }
  }

  @Test func `no invalid example is a message`() throws {
    for (name, body) in try Self.bodies(in: Self.examples.appending(path: "invalid")) {
      #expect(throws: InvalidMessage.self, "\(name)") { try Message(decoding: body, now: Self.now) }
    }
  }

  @Test func `what is sent is read again as the same message, and generated bodies are sorted for the schema`() throws {
    var generated: [(body: [UInt8], isMessage: Bool)] = []
    for seed in UInt64(0)..<300 {
      var bodies = GeneratedBodies(seed: seed)
      let message = try bodies.message()
      #expect(try Message(decoding: message.body, now: Self.now) == message, "seed \(seed)")
      generated.append((message.body, true))
      let changed = try bodies.changed(message.body)
      generated.append((changed, (try? Message(decoding: changed, now: Self.now)) != nil))
    }
    #expect(generated.count { !$0.isMessage } > 100, "the changes hardly ever spoil a message")
    try write(generated)
  }

  /// Writes what was generated where scripts/check-schemas will look, if it is to.
  private func write(_ generated: [(body: [UInt8], isMessage: Bool)]) throws {
    guard let folder = ProcessInfo.processInfo.environment["REELMILL_TEST_MESSAGES"] else { return }
    for (number, (body, isMessage)) in generated.enumerated() {
      let subfolder = URL(filePath: folder).appending(path: isMessage ? "valid" : "invalid")
      try FileManager.default.createDirectory(at: subfolder, withIntermediateDirectories: true)
      try Data(body).write(to: subfolder.appending(path: "\(number).json"))
    }
  }
}

/// Messages, and bodies that are nearly messages.
private struct GeneratedBodies {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func message() throws -> Message {
    let isSlug = Bool.random(using: &random)
    let id = isSlug ? "slug-\(UInt32.random(in: 0 ... .max, using: &random))" : Self.uuid
    let asset = try AssetID(parsing: id)
    let stages: [RequestedStage] =
      RequestedStage.entries + [.stage(StageName("transcribe")), .stage(StageName("a_1-b"))]
    return Message(
      asset: asset, slug: isSlug ? id : nil, mediaType: pick(MediaType.allCases),
      requestedAt: .random(in: 0...MessageSchemaTests.now, using: &random), stage: pick(stages),
      extra: Bool.random(using: &random) ? [:] : ["note": pick(Self.values)],
      unknown: Bool.random(using: &random) ? [:] : ["later": pick(Self.values)])
  }

  /// The body with one member taken away, or replaced by something else.
  mutating func changed(_ body: [UInt8]) throws -> [UInt8] {
    var members = try #require(try JSON(parsing: body).object)
    let member = pick(["assetId", "mediaType", "requestedAt", "stage", "extra"])
    members[member] = Int.random(in: 0..<5, using: &random) == 0 ? nil : pick(Self.values)
    return JSON.object(members).canonicalBytes
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    // Proof: it is called with literals only.
    elements.randomElement(using: &random)!
  }

  private static let uuid = "018a2c3e-6f10-7c4b-9d52-3f1b8e0a7c21"

  /// What could stand in a member, rightly or not.
  private static let values: [JSON] = [
    .null, true, 0, -1, 1.5, 1_691_352_890_123, "", "initial", "post_label", "Initial", "video", "VIDEO", "a.b~c",
    "a b",
    "ü", "x\n", "-", "a-1", "1-a", [], ["video"], [:], ["a": ["b": nil]], .string(uuid.uppercased()),
    .string(String(repeating: "s", count: 40)), .string(String(repeating: "s", count: 41)),
    .string(String(repeating: "s", count: 200)), .string(String(repeating: "s", count: 201)),
  ]
}
