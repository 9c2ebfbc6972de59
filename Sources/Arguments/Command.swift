/// One command: its declaration and what it does.
///
///     struct ListDeadLetters: Command {
///       static let limit = Option("limit", short: "n", .integer(1...1000), default: 20, help: "How many to show.")
///       static let stage = Positional(optional: "stage", .text, help: "Only those of this stage.")
///
///       let declaration = CommandDeclaration(
///         "list", summary: "list dead letters, newest first", arguments: [Self.limit, Self.stage])
///
///       func run(_ arguments: ParsedArguments, in context: Context) async throws {
///         let letters = try await context.deadLetters(stage: arguments[Self.stage], limit: arguments[Self.limit])
///         …
///       }
///     }
package protocol Command<Context>: Sendable {
  /// What the program gives to all its commands: output, configuration, clients.
  associatedtype Context
  var declaration: CommandDeclaration { get }
  func run(_ arguments: ParsedArguments, in context: Context) async throws
}

/// A place in a program's tree of commands.
package indirect enum CommandNode<Context>: Sendable {
  case command(any Command<Context>)
  /// Commands under a common name, as in `dlq list`.
  case group(_ name: String, summary: String, discussion: String = "", _ commands: [CommandNode<Context>])
  /// A command with others under its name, as `replay --dead` and `replay list`. It takes no positional arguments.
  case family(any Command<Context>, _ commands: [CommandNode<Context>])

  var declaration: CommandDeclaration {
    switch self {
    case .command(let command): command.declaration
    case .group(let name, let summary, let discussion, let commands):
      CommandDeclaration(
        name: name, summary: summary, discussion: discussion, subcommands: commands.map(\.declaration))
    case .family(let command, let commands): command.declaration.with(subcommands: commands.map(\.declaration))
    }
  }

  func command(at path: some Collection<String>) -> (any Command<Context>)? {
    switch self {
    case .command(let command): path.isEmpty ? command : nil
    case .family(let command, _) where path.isEmpty: command
    case .group(_, _, _, let commands), .family(_, let commands):
      path.first.flatMap { name in
        commands.first { $0.declaration.name == name }?.command(at: path.dropFirst())
      }
    }
  }
}
