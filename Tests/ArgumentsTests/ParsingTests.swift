import Arguments
import Testing

@Suite struct ParsingTests {
  @Test(arguments: [["--limit", "5"], ["--limit=5"], ["-n", "5"], ["-n5"], ["-qn5"], ["-vqn", "5"]])
  func `an option's value may be written in every usual way`(option: [String]) throws {
    guard case .run(let command, let parsed) = try sample.parse(["dlq", "list"] + option + ["label"]) else {
      throw NotACommand()
    }
    #expect(command is ListCommand)
    #expect(parsed[ListCommand.limit] == 5)
    #expect(parsed[ListCommand.stage] == "label")
  }

  @Test func `what is not given has its default`() throws {
    let parsed = try parsed("dlq", "list", "label")
    #expect(parsed[ListCommand.limit] == 10)
    #expect(parsed[ListCommand.since] == nil)
    #expect(parsed[ListCommand.assets] == [])
    #expect(parsed[ListCommand.lane] == .live)
    #expect(!parsed[ListCommand.quiet])
    #expect(parsed[color] == "auto")
  }

  @Test func `a repeated option keeps the order`() throws {
    #expect(
      try parsed("dlq", "list", "-ab", "label", "--asset=a", "--asset", "c")[ListCommand.assets] == ["b", "a", "c"])
  }

  @Test(arguments: [
    ["-v", "dlq", "list", "label"], ["dlq", "--verbose", "list", "label"], ["dlq", "list", "label", "-v"],
  ])
  func `a global flag may stand anywhere`(arguments: [String]) throws {
    guard case .run(_, let parsed) = try sample.parse(arguments) else { throw NotACommand() }
    #expect(parsed[verbose])
  }

  @Test func `after two dashes nothing is an option`() throws {
    let parsed = try parsed("dlq", "list", "--", "label", "--limit", "-n", "--")
    #expect(parsed[ListCommand.rest] == ["--limit", "-n", "--"])
  }

  @Test func `a negative number and a single dash are words`() throws {
    #expect(try parsed("dlq", "list", "label", "-5", "-")[ListCommand.rest] == ["-5", "-"])
  }

  @Test(arguments: [
    (["dlq", "lsit"], "unknown command 'lsit'; did you mean 'list'?"),
    (["dlq"], "a command is missing: list"),
    ([], "a command is missing: up, dlq"),
    (["dlq", "list", "--limti", "5", "label"], "unknown option '--limti'; did you mean '--limit'?"),
    (["dlq", "list", "-z", "label"], "unknown option '-z' in '-z'"),
    (["dlq", "list", "--limit"], "--limit needs a value: <n>"),
    (
      ["dlq", "list", "--output", "--quiet"],
      "--output needs a value: <file>; if '--quiet' is meant, write --output=--quiet"
    ),
    (["dlq", "list", "--limit=500", "label"], "--limit: expected a whole number, 1 to 100, got '500'"),
    (["dlq", "list", "--limit=5", "-n6", "label"], "--limit was given twice"),
    (["dlq", "list", "--quiet=yes", "label"], "--quiet takes no value"),
    (["dlq", "list"], "<stage> is missing: The stage."),
    (["dlq", "list", "labl"], "<stage>: expected one of transcribe, label, got 'labl'; did you mean 'label'?"),
    (["up"], "--port is missing: The port."),
    (["up", "-p1", "x"], "'x' is one argument too many"),
    (["up\u{1B}[2J"], "unknown command 'up�[2J'"),
  ])
  func `a wrong command line is answered with what is wrong`(arguments: [String], message: String) {
    let error = #expect(throws: UsageError.self) { try sample.parse(arguments) }
    #expect(error?.message == message)
    #expect(error?.exitCode.rawValue == 64)
  }

  @Test func `an error names the command whose help to read`() {
    let error = #expect(throws: UsageError.self) { try sample.parse(["dlq", "list", "--nope"]) }
    #expect(error?.description == "unknown option '--nope'\nTry 'reelmill dlq list --help'.")
  }

  @Test(arguments: [
    (["--help"], []), (["help"], []), (["dlq", "-h"], ["dlq"]), (["help", "dlq", "list"], ["dlq", "list"]),
    (["dlq", "list", "-qh"], ["dlq", "list"]), (["dlq", "list", "--limit=999", "--help"], ["dlq", "list"]),
  ])
  func `help is had at every place`(arguments: [String], path: [String]) throws {
    guard case .help(let found) = try sample.parse(arguments) else { throw NotACommand() }
    #expect(found == path)
  }

  @Test func `the version is asked for before any command`() throws {
    guard case .version = try sample.parse(["--version"]) else { throw NotACommand() }
    #expect(throws: UsageError.self) { try sample.parse(["up", "-p1", "--version"]) }
  }
}
