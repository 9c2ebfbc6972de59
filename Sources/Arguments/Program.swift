/// A program: its commands and the arguments that may stand before, between and after them.
package struct Program<Context>: Sendable {
  /// What `--version` prints.
  package let version: String
  /// The whole tree; the program's global arguments are those of its root.
  package let declaration: CommandDeclaration
  private let root: CommandNode<Context>

  /// - Parameter globals: options and flags that every command takes.
  package init(
    _ name: String, version: String, summary: String, discussion: String = "", globals: [any ArgumentKey] = [],
    examples: [CommandDeclaration.Example] = [], commands: [CommandNode<Context>]
  ) {
    self.version = version
    root = .group(name, summary: summary, discussion: discussion, commands)
    declaration = CommandDeclaration(
      name: name, summary: summary, discussion: discussion, arguments: globals,
      subcommands: commands.map(\.declaration), examples: examples)
    declaration.check()
  }

  /// Understands a command line.
  ///
  /// - Parameter arguments: what follows the program's name.
  /// - Throws: ``UsageError`` that says what is wrong with it.
  package func parse(_ arguments: [String]) throws(UsageError) -> Invocation<Context> {
    var parser = ArgumentParser(program: declaration)
    switch try parser.parse(arguments) {
    case .help(let path): return .help(path)
    case .version: return .version
    case .run(let parsed):
      guard let command = root.command(at: parsed.commandPath) else {
        // The parser walks the declarations of this very tree and ends only where one has no subcommands.
        preconditionFailure("no command at '\(parsed.commandPath.joined(separator: " "))'")
      }
      return .run(command, parsed)
    }
  }

  /// The help of the command at `path`, wrapped to `width` columns.
  package func help(for path: [String] = [], width: Int) -> String {
    HelpPage(program: declaration, path: path, width: width).text
  }

  /// A script that teaches `shell` the program's commands, options and choices.
  package func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: bashCompletions(for: declaration)
    case .zsh: zshCompletions(for: declaration)
    case .fish: fishCompletions(for: declaration)
    }
  }

  /// The manual page (section 1) in roff with the man macros.
  package var manualPage: String { ManualPage(program: declaration, version: version).text }
}

/// What a command line asks for.
package enum Invocation<Context>: Sendable {
  case run(any Command<Context>, ParsedArguments)
  /// The help of the command at a path.
  case help([String])
  case version
}

/// A shell that completes command lines.
package enum Shell: String, Sendable, CaseIterable {
  case bash, zsh, fish
}
