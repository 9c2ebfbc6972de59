internal import Text

/// A bash script: the words already typed are walked to find the command, then it offers what may stand there.
func bashCompletions(for program: CommandDeclaration) -> String {
  let commands = program.descendants()
  let paths = commands.dropFirst().map { doubleQuoted($0.path.joined(separator: " ")) }
  var lines = [
    "# bash completion for \(program.name)",
    "_\(program.functionName)() {",
    "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"\" at=\"\" words=\"\" i",
    "  ((COMP_CWORD > 0)) && previous=\"${COMP_WORDS[COMP_CWORD - 1]}\"",
    "  # bash splits --name=value into three words",
    "  if [[ $current == \"=\" ]]; then current=\"\"",
    "  elif [[ $previous == \"=\" ]]; then previous=\"${COMP_WORDS[COMP_CWORD - 2]}\"; fi",
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    "    case \"${at:+$at }${COMP_WORDS[i]}\" in",
    "      \(paths.joined(separator: " | "))) at=\"${at:+$at }${COMP_WORDS[i]}\" ;;",
    "    esac",
    "  done",
    "  COMPREPLY=()",
    "  case \"$at $previous\" in",
  ]
  for (path, command) in commands {
    for argument in program.options(at: path, of: command) where argument.kind == .option {
      let patterns = argument.spellings.map { doubleQuoted("\(path.joined(separator: " ")) \($0)") }
      lines.append("    \(patterns.joined(separator: " | "))) \(bashValues(argument.completion)); return ;;")
    }
  }
  lines += ["  esac", "  case \"$at\" in"]
  for (path, command) in commands {
    let words = program.words(at: path, of: command).joined(separator: " ")
    lines.append("    \(doubleQuoted(path.joined(separator: " ")))) words=\(doubleQuoted(words)) ;;")
  }
  lines += [
    "  esac", "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))", "}",
    "complete -o default -F _\(program.functionName) \(program.name)",
  ]
  return lines.joined(separator: "\n") + "\n"
}

private func bashValues(_ completion: ValueCompletion) -> String {
  switch completion {
  case .none: ":"
  case .choices(let choices):
    "COMPREPLY=($(compgen -W \(doubleQuoted(choices.joined(separator: " "))) -- \"$current\"))"
  case .files: "COMPREPLY=($(compgen -f -- \"$current\"))"
  case .folders: "COMPREPLY=($(compgen -d -- \"$current\"))"
  }
}

private func doubleQuoted(_ text: String) -> String {
  "\"\(text.reduce(into: "") { $0 += "\\\"$`".contains($1) ? "\\\($1)" : String($1) })\""
}

extension CommandDeclaration {
  /// The program's name as part of a shell function's name.
  var functionName: String { String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) }

  /// The options and flags that may stand at `path`; `self` is the program.
  func options(at path: [String], of command: CommandDeclaration) -> [ArgumentDeclaration] {
    path.isEmpty ? named : command.named + named
  }

  /// All that may stand at `path`: commands, options and the choices of positional arguments.
  func words(at path: [String], of command: CommandDeclaration) -> [String] {
    let choices = command.positionals.flatMap { argument in
      if case .choices(let choices) = argument.completion { choices } else { [String]() }
    }
    let options = options(at: path, of: command).map { "--\($0.name)" }
    return command.subcommands.map(\.name) + choices + options + ["--help"]
  }
}

extension ArgumentDeclaration {
  /// The ways to write the option's name.
  var spellings: [String] { ["--\(name)"] + (short.map { ["-\($0)"] } ?? []) }
}
