internal import Text

/// A zsh script in the form of a file `_name` on `fpath`; sourced, it registers itself.
func zshCompletions(for program: CommandDeclaration) -> String {
  let commands = program.descendants()
  let paths = commands.dropFirst().map { singleQuoted($0.path.joined(separator: " ")) }
  let function = "_\(program.functionName)"
  var lines = [
    "#compdef \(program.name)",
    "\(function)() {",
    "  local at= previous=${words[CURRENT-1]} i",
    "  local -a items",
    "  for ((i = 2; i < CURRENT; i++)); do",
    "    case \"${at:+$at }${words[i]}\" in",
    "      (\(paths.joined(separator: "|"))) at=\"${at:+$at }${words[i]}\" ;;",
    "    esac",
    "  done",
    "  if [[ $PREFIX == --*=* ]]; then",
    "    previous=${PREFIX%%=*}",
    "    compset -P 1 '*='",
    "  fi",
    "  case \"$at $previous\" in",
  ]
  for (path, command) in commands {
    for argument in program.options(at: path, of: command) where argument.kind == .option {
      let patterns = argument.spellings.map { singleQuoted("\(path.joined(separator: " ")) \($0)") }
      lines.append("    (\(patterns.joined(separator: "|"))) \(zshValues(argument.completion)); return ;;")
    }
  }
  lines += ["  esac", "  case \"$at\" in"]
  for (path, command) in commands {
    let items = zshItems(program: program, path: path, command: command).map(singleQuoted)
    lines.append("    (\(singleQuoted(path.joined(separator: " ")))) items=(\(items.joined(separator: " "))) ;;")
  }
  lines += [
    "  esac", "  _describe 'command or option' items", "  [[ $PREFIX == -* ]] || _files", "}",
    "if [[ $funcstack[1] == \(function) ]]; then \(function) \"$@\"; else compdef \(function) \(program.name); fi",
  ]
  return lines.joined(separator: "\n") + "\n"
}

/// `name:what it is`, a colon in the name escaped.
private func zshItems(program: CommandDeclaration, path: [String], command: CommandDeclaration) -> [String] {
  var help: [String: String] = ["--help": "Show help."]
  for subcommand in command.subcommands { help[subcommand.name] = subcommand.summary }
  for option in program.options(at: path, of: command) { help["--\(option.name)"] = option.help }
  return program.words(at: path, of: command).map { word in
    let name = word.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
    return help[word].map { "\(name):\($0)" } ?? name
  }
}

private func zshValues(_ completion: ValueCompletion) -> String {
  switch completion {
  case .none: ":"
  case .choices(let choices): "compadd -- \(choices.map(singleQuoted).joined(separator: " "))"
  case .files: "_files"
  case .folders: "_files -/"
  }
}

/// The text as one word of a POSIX shell, whatever is in it.
func singleQuoted(_ text: String) -> String {
  "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
