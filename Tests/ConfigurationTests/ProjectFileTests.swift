import Configuration
import FoundationEssentials
import TestSupport
import Testing

@Suite struct ProjectFileTests {
  @Test func `sections, comments, strings, numbers and booleans are read`() throws {
    let file = try file(
      #"""
      # Reelmill
      top = 'C:\as\written'
      [amqp]   # the broker
      url = "a\t\"b\"\\\u00e9\U0001F680"  # comment
      prefetch = 1_000
      rate=-2.5
      [worker.live]
      patient = true
      limits.cpu = 2
      """#)
    #expect(
      file.entries.mapValues(\.text) == [
        "top": #"C:\as\written"#, "amqp.url": "a\t\"b\"\\é🚀", "amqp.prefetch": "1000", "amqp.rate": "-2.5",
        "worker.live.patient": "true", "worker.live.limits.cpu": "2",
      ])
    #expect(file.entries["amqp.prefetch"]?.line == 5)
  }

  @Test(arguments: [
    ("a", "1:2: expected '=' after 'a', as in a = \"value\""),
    ("a = ", "1:5: expected a value"),
    ("a = 90s", "1:5: expected a string in quotes, a number, true or false, got '90s'"),
    ("a = \"x", "1:5: the string's closing \" is missing"),
    ("a = 'x", "1:5: the string's closing ' is missing"),
    ("  a = \"\\q\"", "1:8: unknown escape; known are \\\" \\\\ \\n \\t \\r \\uXXXX \\UXXXXXXXX"),
    ("a = \"\\uD800\"", "1:6: expected \\u and four or \\U and eight hexadecimal digits of a character"),
    ("a = \"\\u+123\"", "1:6: expected \\u and four or \\U and eight hexadecimal digits of a character"),
    ("a = 1 2", "1:7: expected the end of the line or a comment, got '2'"),
    ("a = 1\na = 2", "2:1: 'a' is there already, in line 1"),
    ("[s]\n[s]", "2:2: the section [s] is there already, in line 1"),
    ("[s", "1:3: expected ']' after the section's name"),
    ("[[s]]", "1:2: tables in arrays are not used here"),
    ("a = [1]", "1:5: expected a string in quotes, a number, true or false, got '[1]'"),
    ("a = \"\"\"", "1:5: strings of several lines are not used here"),
    ("ä = 1", "1:1: expected a name of letters, digits, '-' and '_', got 'ä = 1'"),
    ("a = 007", "1:5: expected a string in quotes, a number, true or false, got '007'"),
    ("a = \"\u{1B}\"", "1:5: the string contains a control character; write it as an escape"),
  ])
  func `what is not of the subset is refused with line and column`(text: String, problem: String) {
    let error = #expect(throws: ConfigurationError.self) { try file(text) }
    #expect(error?.problems == ["reelmill.toml:\(problem)"])
  }

  @Test func `all lines that are wrong are told, up to a bound`() {
    #expect(throws: ConfigurationError.self) { try file("a\nb = 1\nc") }
    let error = #expect(throws: ConfigurationError.self) { try file(String(repeating: "?\n", count: 10_000)) }
    #expect(error?.problems.count == 20)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `any strings survive being written and read`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pieces = ["a", " ", "#", "\"", "'", "\\", "\n", "\t", "\0", "é", "日", "🚀", "=", "["]
    for _ in 0..<100 {
      let value = (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
        .joined()
      #expect(try file("key = \(quoted(value)) # end").entries["key"]?.text == value)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `no text whatever crashes the parser`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "[", "]", "a", ".", "=", "\"", "'", "\\", "\\u", "#", "\n", "\r\n", "\r", "1", "_", "-", "+", "true", " ", "\0",
      "e\u{301}",
    ]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0..<30, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
        .joined()
      do {
        _ = try file(text)
      } catch {
        #expect((error as? ConfigurationError)?.problems.isEmpty == false)
      }
    }
  }

  @Test func `a file that is missing, too large or no text is refused`() async throws {
    try await withFolder { folder in
      #expect(throws: ConfigurationError.self) { try ProjectFile(contentsOf: folder + "/none") }
      #expect(throws: ConfigurationError.self) { try ProjectFile(contentsOf: folder) }
      try write(String(repeating: "#", count: 300_000), to: folder + "/large")
      #expect(throws: ConfigurationError.self) { try ProjectFile(contentsOf: folder + "/large") }
      try Data([0x61, 0xFF]).write(to: URL(filePath: folder + "/binary"))
      #expect(throws: ConfigurationError.self) { try ProjectFile(contentsOf: folder + "/binary") }
      try write("a = 1", to: folder + "/good")
      #expect(try ProjectFile(contentsOf: folder + "/good").entries["a"]?.text == "1")
    }
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\n": "\\n"
      case "\0": "\\u0000"
      default: "\(scalar)"
      }
    }
    return "\"\(escaped.joined())\""
  }
}

func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
