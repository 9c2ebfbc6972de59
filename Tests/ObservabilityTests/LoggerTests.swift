import FoundationEssentials
import JSON
import Observability
import TestSupport
import Testing

@Suite struct LoggerTests {
  @Test func `a line is a JSON object with time, level, message and metadata`() async throws {
    let lines = await logged {
      $0.info("stage done", [.stage: "transcribe", .attempt: 2, .seconds: .seconds(.milliseconds(1500))])
    }
    let line = try JSON(parsing: String(try #require(lines.first)))
    #expect(line["level"]?.string == "info")
    #expect(line["message"]?.string == "stage done")
    #expect(line["stage"]?.string == "transcribe")
    #expect(line["attempt"]?.integer == 2)
    #expect(line["seconds"]?.double == 1.5)
    #expect(line["time"]?.string?.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }

  @Test func `a line's time is the time in UTC`() async throws {
    let before = Date.now.addingTimeInterval(-0.001)
    let lines = await logged { $0.info("now") }
    let text = try #require(try JSON(parsing: String(lines[0]))["time"]?.string)
    let time = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    #expect(before <= time && time <= Date.now)
  }

  @Test func `lines below the level are not even made`() async {
    let lines = await logged(level: .warning) { logger in
      logger.info(
        {
          Issue.record("the message was made"); return ""
        }())
      logger.warning("kept")
    }
    #expect(lines.count == 1)
  }

  @Test func `a line carries the logger's metadata and the call's, the nearest winning`() async throws {
    let lines = await logged { $0.with([.component: "engine", .attempt: 2]).info("x", [.attempt: 3]) }
    let line = try JSON(parsing: String(lines[0]))
    #expect(line["component"]?.string == "engine")
    #expect(line["attempt"]?.integer == 3)
  }

  @Test func `passwords of URLs do not get into the log`() async {
    for format in [LogOutput.Format.json, .readable(isColored: false)] {
      let lines = await logged(as: format) {
        $0.error("no answer from amqp://u:hunter2@h", [.url: "http://u:hunter2@h/p"])
      }
      #expect(!lines.joined().contains("hunter2") && lines.joined().contains("http://u:***@h/p"))
    }
  }

  @Test func `keys of metadata are one word each and none is a line's own`() {
    let names = LogKey.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: ["time", "level", "message"]))
    #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z_]+/) != nil })
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `whatever the text, each record is one line of valid JSON that gives the text back`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let texts = (0..<100).map { _ in hostileText(using: &random) }
    let lines = await logged { logger in for text in texts { logger.info(text, [.error: .string(text)]) } }
    try #require(lines.count == texts.count)
    for (line, text) in zip(lines, texts) {
      let record = try JSON(parsing: String(line))
      #expect(record["message"]?.string == text)
      #expect(record["error"]?.string == text)
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `whatever the text, a readable record is one line without control characters`(seed: UInt64) async {
    var random = SeededGenerator(seed: seed)
    let texts = (0..<100).map { _ in hostileText(using: &random) }
    let lines = await logged(as: .readable(isColored: false)) { logger in
      for text in texts { logger.info("m" + text, [.error: .string(text)]) }
    }
    #expect(lines.count == texts.count)
    #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
  }

  private func hostileText(using random: inout SeededGenerator) -> String {
    let pieces = [
      "\"", "\\", "\n", "\r\n", "\0", "\u{1B}[2J", "\u{7F}", "\u{2028}", "\u{202E}", "é", "e\u{301}", "日", "👩‍🚀", "{",
      "\\u0000",
    ]
    return (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
      .joined()
  }

  @Test func `a very long text is cut`() async {
    let lines = await logged { $0.info(String(repeating: "x", count: 1_000_000)) }
    #expect(lines[0].utf8.count < 10_000)
  }
}
