internal import Text

/// A fish script: a function finds the command in the words already typed, and each line offers what may stand there.
func fishCompletions(for program: CommandDeclaration) -> String {
  let commands = program.descendants()
  let function = "__\(program.functionName)_at"
  let paths = commands.dropFirst().map { fishQuoted($0.path.joined(separator: " ")) }.joined(separator: " ")
  var lines = [
    "# fish completion for \(program.name)",
    "function \(function)",
    "    set -l at ''",
    "    for word in (commandline -opc)[2..-1]",
    "        set -l next (string trim -- \"$at $word\")",
    "        contains -- $next \(paths); and set at $next",
    "    end",
    "    test \"$at\" = \"$argv[1]\"",
    "end",
  ]
  for (path, command) in commands {
    let condition = fishQuoted("\(function) \(fishQuoted(path.joined(separator: " ")))")
    let start = "complete -c \(program.name) -n \(condition)"
    lines += command.subcommands.map { "\(start) -f -a \(fishQuoted($0.name)) -d \(fishQuoted($0.summary))" }
    lines += program.options(at: path, of: command).map { "\(start) \(fishOption($0))" }
    lines += command.positionals.compactMap { argument in
      fishValues(argument.completion).map { "\(start) \($0) -d \(fishQuoted(argument.help))" }
    }
  }
  lines.append("complete -c \(program.name) -s h -l help -d 'Show help.'")
  return lines.joined(separator: "\n") + "\n"
}

private func fishOption(_ argument: ArgumentDeclaration) -> String {
  let short = argument.short.map { "-s \($0) " } ?? ""
  let value = argument.kind == .flag ? "" : "-r \(fishValues(argument.completion) ?? "-f") "
  return "\(short)-l \(argument.name) \(value)-d \(fishQuoted(argument.help))"
}

private func fishValues(_ completion: ValueCompletion) -> String? {
  switch completion {
  case .none: nil
  case .choices(let choices): "-f -a \(fishQuoted(choices.joined(separator: " ")))"
  case .files: "-F"
  case .folders: "-f -a '(__fish_complete_directories)'"
  }
}

/// fish's single quotes know two escapes: of the quote and of the backslash.
private func fishQuoted(_ text: String) -> String {
  "'\(text.reduce(into: "") { $0 += "\\'".contains($1) ? "\\\($1)" : String($1) })'"
}
