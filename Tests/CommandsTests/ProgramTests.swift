import Arguments
import Commands
import FoundationEssentials
import JSON
import TestSupport
import Testing

/// The command line itself: what needs no services.
@Suite struct ProgramTests {
  /// Every command and group, as words after the program's name.
  static let commands = paths(of: ReelmillProgram.program.declaration, at: [])

  private static func paths(of command: CommandDeclaration, at path: [String]) -> [[String]] {
    [path] + command.subcommands.flatMap { paths(of: $0, at: path + [$0.name]) }
  }

  private func run(_ arguments: [String]) async throws -> Answer {
    try await withFolder { folder in
      try await Answer(Reelmill(folder: folder).command(arguments, deadline: Reelmill.patience).run())
    }
  }

  @Test(arguments: commands) func `every command has a help that says how it is used`(path: [String]) async throws {
    let answer = try await run(path + ["--help"])
    #expect(answer.code == 0)
    #expect(answer.output.contains("Usage: " + (["reelmill"] + path).joined(separator: " ")))
    #expect(answer.output.contains("--json") && answer.complaint.isEmpty)
    #expect(answer.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: [
    (["serch", "x"], "did you mean 'search'?"), (["search", "--limt", "3", "x"], "did you mean '--limit'?"),
    (["dlq"], "a command is missing: list, groups, show, note, edit, archive, restore, discard, export, sweep"),
    (["show"], "<asset> is missing"),
    (["search", "x", "--limit", "many"], "--limit: "), (["ingest", "x", "--lane", "fast"], "--lane: "),
    (["work", "--stages", "sleep"], "there is no stage `sleep`; there are "),
    (["topology", "--set", "folder"], "name=value"), (["replay"], "one of --dead, --failed, --outdated"),
    (["replay", "--dead", "--stale"], "one of --dead"),
    (["replay", "--dead", "list"], "--dead does not go with 'list'"),
    (["replay", "--dead", "--order", "most-viewed"], "expected as-found, newest or tag:<tag>"),
    (["replay", "show", "x"], "see `reelmill replay list`"),
  ])
  func `a wrong command line ends with 64 and says what is right`(arguments: [String], hint: String) async throws {
    let answer = try await run(arguments)
    #expect(answer.code == 64 && answer.output.isEmpty)
    #expect(answer.complaint.contains(hint), "\(answer.complaint)")
  }

  @Test(arguments: Shell.allCases) func `completions name every command`(shell: Shell) async throws {
    let answer = try await run(["completions", shell.rawValue])
    #expect(answer.code == 0)
    for name in Self.commands.compactMap(\.last) { #expect(answer.output.contains(name)) }
  }

  @Test func `the manual is a page that groff has no complaint about`() async throws {
    try await withFolder { folder in
      let answer = try await Reelmill(folder: folder).shell(
        """
        reelmill manual > page.1 && grep -q '^.TH' page.1 || exit 1
        if command -v groff >/dev/null; then groff -man -Tutf8 -ww -z page.1; fi
        """)
      #expect(answer.code == 0 && answer.complaint.isEmpty, "\(answer.complaint)")
    }
  }

  @Test func `without a terminal nothing is coloured`() async throws {
    for arguments in [["--help"], ["topology"], ["config"], ["doctor"]] {
      let answer = try await run(arguments)
      #expect(!answer.output.contains("\u{1B}") && !answer.complaint.contains("\u{1B}"))
    }
  }

  @Test(arguments: [["topology"], ["config"], ["doctor"]])
  func `data without services parses as JSON`(arguments: [String]) async throws {
    _ = try await run(arguments + ["--json"]).json
  }

  @Test func `exit codes are documented where people look for them`() throws {
    let operations = try DocumentsTests.text(of: "docs/operations.md")
    for code in [ExitCode.done, .failed, .usage, .unavailable, .configuration] {
      #expect(operations.contains("\(code.rawValue) "), "\(code) in docs/operations.md")
      #expect(ReelmillProgram.program.manualPage.contains("\(code.rawValue)"))
    }
  }

  @Test(arguments: [
    ("REELMILL_DATABASE_URL", "mysql://x", "expected a URL that begins with postgresql://"),
    ("REELMILL_DATABASE_URL", "postgresql://%zz", "database settings: the URL cannot be read"),
    ("REELMILL_AMQP_URL", "http://x", "expected a URL that begins with amqp://"),
    ("REELMILL_WORK_GRACE", "soon", "expected a duration"), ("REELMILL_SANDBOX", "maybe", "expected one of"),
  ])
  func `a wrong setting ends with 78, names its variable and what is right`(
    name: String, value: String, hint: String
  ) async throws {
    try await withFolder { folder in
      let services = [
        "REELMILL_AMQP_URL": "amqp://guest@127.0.0.1:1/", "REELMILL_DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
      ]
      let answer = try await Reelmill(folder: folder, settings: services.merging([name: value]) { $1 })("status")
      #expect(answer.code == 78 && answer.complaint.contains(hint), "\(answer.complaint)")
    }
  }

  @Test func `a setting with a typing mistake is pointed out, wherever it stands`() async throws {
    try await withFolder { folder in
      let reelmill = try Reelmill(folder: folder)
      let flag = try await reelmill("topology", "--set", "foler=x")
      #expect(flag.code == 78 && flag.complaint.contains("did you mean 'folder'?"))
      let variable = try await reelmill.with(["REELMILL_FOLER": "x"])("topology")
      #expect(variable.code == 0 && variable.complaint.contains("did you mean 'REELMILL_FOLDER'?"))
      try "foler = \"x\"\n".write(toFile: "\(folder)/reelmill.toml", atomically: false, encoding: .utf8)
      let file = try await reelmill("topology")
      #expect(file.code == 78 && file.complaint.contains("did you mean 'folder'?"), "\(file.complaint)")
      let missing = try await reelmill("topology", "--config", "none.toml")
      #expect(missing.code == 78 && missing.complaint.contains("cannot read none.toml"))
    }
  }

  @Test func `without services, commands say how to start them`() async throws {
    try await withFolder { folder in
      let answer = try await Reelmill(folder: folder)("search", "anything")
      #expect(answer.code == 69)
      #expect(answer.complaint.contains("Start `reelmill up`") && answer.complaint.contains("REELMILL_DATABASE_URL"))
    }
  }
}
