internal import Text

/// The help of one command.
struct HelpPage {
  private let program: CommandDeclaration
  private let command: CommandDeclaration
  private let path: [String]
  private let width: Int

  /// - Parameters:
  ///   - path: leads from the program to the command; a path that leads nowhere means the program.
  ///   - width: columns; kept between 40 and 100, where prose reads well.
  init(program: CommandDeclaration, path: [String], width: Int) {
    self.program = program
    self.path = program.descendant(at: path) == nil ? [] : path
    command = program.descendant(at: path) ?? program
    self.width = min(max(width, 40), 100)
  }

  var text: String {
    var sections = ["\(command.summary.sentence)\n\nUsage: \(usageLine(of: command, program: program, path: path))"]
    if !command.discussion.isEmpty {
      sections.append(command.discussion.wrapped(toWidth: width).joined(separator: "\n"))
    }
    append("Commands", command.subcommands.map { ($0.name, $0.summary) }, to: &sections)
    append("Arguments", command.positionals.map(row), to: &sections)
    for group in command.optionGroups(isRoot: path.isEmpty) {
      append(group.heading, group.arguments.map(row) + (path.isEmpty ? builtInRows : []), to: &sections)
    }
    if path.isEmpty, command.named.isEmpty { append("Global options", builtInRows, to: &sections) }
    if !path.isEmpty { append("Global options", program.named.map(row) + builtInRows, to: &sections) }
    if !command.examples.isEmpty { sections.append(examples) }
    append("Exit codes", ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) }, to: &sections)
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var builtInRows: [(String, String)] {
    let help = ("-h, --help", "Show this help.")
    return path.isEmpty ? [help, ("    --version", "Show the version.")] : [help]
  }

  private var examples: String {
    let lines = command.examples.flatMap { example in
      ["  \(example.line)"] + example.meaning.wrapped(toWidth: width - 6).map { "      \($0)" }
    }
    return (["Examples:"] + lines).joined(separator: "\n")
  }

  private func row(_ argument: ArgumentDeclaration) -> (String, String) {
    if argument.kind == .positional { return ("<\(argument.name)>", argument.helpWithNotes) }
    let short = argument.short.map { "-\($0), " } ?? "    "
    return (short + argument.signature, argument.helpWithNotes)
  }

  /// Two columns under a heading; what is too wide for the first one stands on a line of its own.
  private func append(_ heading: String, _ rows: [(String, String)], to sections: inout [String]) {
    if rows.isEmpty { return }
    let widest = rows.map(\.0.displayWidth).filter { $0 <= width * 2 / 5 }.max() ?? 0
    let indent = String(repeating: " ", count: widest + 4)
    var lines = ["\(heading):"]
    for (left, right) in rows {
      var details = right.wrapped(toWidth: width - widest - 4)[...]
      if left.displayWidth <= widest, let first = details.popFirst() {
        lines.append("  \(left.padded(toWidth: widest))  \(first)")
      } else {
        lines.append("  \(left)")
      }
      lines += details.map { indent + $0 }
    }
    sections.append(lines.joined(separator: "\n"))
  }
}

/// How to write a command: `reelmill dlq list [options] <stage> [asset…]`.
func usageLine(of command: CommandDeclaration, program: CommandDeclaration, path: [String]) -> String {
  var parts = [program.name] + path
  if !command.subcommands.isEmpty { parts.append(command.doesSomething ? "[command]" : "<command>") }
  let required = command.named.filter { $0.occurrence == .required }
  parts += required.map(\.signature)
  if command.named.count > required.count || !program.named.isEmpty { parts.append("[options]") }
  parts += command.positionals.map { argument in
    switch argument.occurrence {
    case .required: "<\(argument.name)>"
    case .optional: "[\(argument.name)]"
    case .repeated(let minimum): minimum > 0 ? "<\(argument.name)>…" : "[\(argument.name)…]"
    }
  }
  return parts.joined(separator: " ")
}

extension CommandDeclaration {
  /// The options by heading: those of no group first, then the groups in the order in which they are declared.
  func optionGroups(isRoot: Bool) -> [(heading: String, arguments: [ArgumentDeclaration])] {
    var headings: [String] = []
    var groups: [String: [ArgumentDeclaration]] = [:]
    for argument in named.filter({ $0.group == nil }) + named.filter({ $0.group != nil }) {
      let heading = argument.group ?? (isRoot ? "Global options" : "Options")
      if groups[heading] == nil { headings.append(heading) }
      groups[heading, default: []].append(argument)
    }
    return headings.map { ($0, groups[$0] ?? []) }
  }
}

extension ArgumentDeclaration {
  /// `--limit <n>`.
  var signature: String { kind == .flag ? "--\(name)" : "--\(name) <\(placeholder)>" }

  /// The help and, in brackets, limits and default.
  var helpWithNotes: String { notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))" }
}

extension String {
  /// With a capital letter first and a full stop at the end.
  var sentence: String { prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".") }
}
