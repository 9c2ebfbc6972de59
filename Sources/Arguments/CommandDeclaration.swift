/// What a command is called, takes and says of itself. Parsing, help, completions and the manual page come from it.
package struct CommandDeclaration: Sendable {
  /// One use of the command that works as it is written.
  package struct Example: Sendable {
    /// The whole command line.
    package let line: String
    /// What it does.
    package let meaning: String

    /// An example; `line` must be a command line that works.
    package init(_ line: String, _ meaning: String) {
      self.line = line
      self.meaning = meaning
    }
  }

  /// The word that calls the command.
  package let name: String
  /// One line without a full stop, for lists of commands.
  package let summary: String
  /// Paragraphs separated by empty lines; lines that begin with a space keep their form.
  package let discussion: String
  /// In the order of help; positional ones in the order in which they stand.
  package let arguments: [ArgumentDeclaration]
  /// The commands under its name.
  package let subcommands: [CommandDeclaration]
  /// Whether it does something itself, and not only the commands under its name.
  package let doesSomething: Bool
  /// Shown at the end of the help.
  package let examples: [Example]

  /// A command that does something.
  package init(
    _ name: String, summary: String, discussion: String = "", arguments: [any ArgumentKey] = [],
    examples: [Example] = []
  ) {
    self.init(
      name: name, summary: summary, discussion: discussion, arguments: arguments, subcommands: [], examples: examples,
      doesSomething: true)
  }

  /// A command that only groups others.
  init(
    name: String, summary: String, discussion: String, arguments: [any ArgumentKey] = [],
    subcommands: [CommandDeclaration], examples: [Example] = [], doesSomething: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments.map(\.declaration)
    self.subcommands = subcommands
    self.examples = examples
    self.doesSomething = doesSomething
  }

  /// The same command, with others under its name.
  func with(subcommands: [CommandDeclaration]) -> CommandDeclaration { CommandDeclaration(self, subcommands) }

  private init(_ command: CommandDeclaration, _ subcommands: [CommandDeclaration]) {
    name = command.name
    summary = command.summary
    discussion = command.discussion
    arguments = command.arguments
    self.subcommands = subcommands
    examples = command.examples
    doesSomething = command.doesSomething
  }

  var named: [ArgumentDeclaration] { arguments.filter { $0.kind != .positional } }
  var positionals: [ArgumentDeclaration] { arguments.filter { $0.kind == .positional } }

  /// The command at the end of `path`, whose names lead down from this one.
  func descendant(at path: some Collection<String>) -> CommandDeclaration? {
    guard let first = path.first else { return self }
    return subcommands.first { $0.name == first }?.descendant(at: path.dropFirst())
  }

  /// This command and all below it, each with its path from here.
  func descendants(path: [String] = []) -> [(path: [String], command: CommandDeclaration)] {
    [(path, self)] + subcommands.flatMap { $0.descendants(path: path + [$0.name]) }
  }
}
