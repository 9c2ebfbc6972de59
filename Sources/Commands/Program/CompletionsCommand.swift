internal import Arguments

/// `reelmill completions`
struct CompletionsCommand: Command {
  static let shell = Positional("shell", .choice(of: Shell.allCases.map(\.rawValue)), help: "Whose completions.")

  let declaration = CommandDeclaration(
    "completions", summary: "print a shell's completions of this program", arguments: [Self.shell],
    examples: [.init("source <(reelmill completions bash)", "for this bash")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    guard let shell = Shell(rawValue: arguments[Self.shell]) else { return }
    context.print(ReelmillProgram.program.completions(for: shell))
  }
}

/// `reelmill manual`
struct ManualCommand: Command {
  let declaration = CommandDeclaration(
    "manual", summary: "print the manual page in roff", examples: [.init("reelmill manual | man -l -", "read it")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    context.print(ReelmillProgram.program.manualPage)
  }
}
