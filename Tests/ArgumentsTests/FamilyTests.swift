import Arguments
import Testing

/// A command that does something by itself and has others under its name.
@Suite struct FamilyTests {
  private struct ReplayCommand: Command {
    static let dead = Flag("dead", help: "What dead letters are about.")
    let declaration = CommandDeclaration("replay", summary: "announce work again", arguments: [Self.dead])
    func run(_ arguments: ParsedArguments, in context: Void) async throws {}
  }

  private struct WatchCommand: Command {
    static let id = Positional("id", .text, help: "Which.")
    let declaration = CommandDeclaration("watch", summary: "follow a replay", arguments: [Self.id])
    func run(_ arguments: ParsedArguments, in context: Void) async throws {}
  }

  private static let program = Program<Void>(
    "reelmill", version: "1.2.3", summary: "turn media into a library", globals: [verbose],
    commands: [.family(ReplayCommand(), [.command(WatchCommand())])])

  @Test func `it takes its own options, and those under its name take theirs`() throws {
    guard case .run(let replay, let options) = try Self.program.parse(["replay", "--dead"]) else { throw NotACommand() }
    #expect(replay is ReplayCommand && options[ReplayCommand.dead])
    guard case .run(let watch, let values) = try Self.program.parse(["replay", "-v", "watch", "7"]) else {
      throw NotACommand()
    }
    #expect(watch is WatchCommand && values[WatchCommand.id] == "7" && values[verbose])
  }

  @Test func `its options do not go with those under its name`() {
    let error = #expect(throws: UsageError.self) { try Self.program.parse(["replay", "--dead", "watch", "7"]) }
    #expect(error?.message == "--dead does not go with 'watch'")
  }

  @Test func `help, manual and completions name both`() {
    let help = Self.program.help(for: ["replay"], width: 80)
    #expect(help.contains("Usage: reelmill replay [command] [options]") && help.contains("watch  follow a replay"))
    #expect(Self.program.manualPage.contains("reelmill replay [command]"))
    #expect(Self.program.manualPage.contains("reelmill replay watch"))
    for shell in Shell.allCases {
      let script = Self.program.completions(for: shell)
      #expect(script.contains("dead") && script.contains("watch"))
    }
  }
}
