/// A program's manual page in roff with the man macros: groff_man(7).
struct ManualPage {
  let program: CommandDeclaration
  let version: String

  var text: String {
    let footer = "\(escaped(program.name)) \(escaped(version))"
    var lines = [
      ".TH \(escaped(program.name.uppercased())) 1 \"\" \"\(footer)\" \"User Commands\"",
      ".SH NAME", "\(escaped(program.name)) \\- \(escaped(program.summary))",
      ".SH SYNOPSIS", "\\fB\(escaped(program.name))\\fR \\fIcommand\\fR [\\fIoptions\\fR]",
    ]
    if !program.discussion.isEmpty { lines += [".SH DESCRIPTION"] + prose(program.discussion) }
    lines.append(".SH COMMANDS")
    for (path, command) in program.descendants() where command.doesSomething {
      lines += section(of: command, path: path)
    }
    lines += [".SH GLOBAL OPTIONS"] + program.named.flatMap(item)
    lines += item("\\-h, \\-\\-help", "Show help.") + item("\\-\\-version", "Show the version.")
    lines += examples(of: program, heading: [".SH EXAMPLES"])
    lines.append(".SH EXIT STATUS")
    lines += ExitCode.allCases.flatMap { item("\($0.rawValue)", $0.meaning.sentence) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(of command: CommandDeclaration, path: [String]) -> [String] {
    var lines = [".SS \"\(escaped(usageLine(of: command, program: program, path: path)))\""]
    lines += prose(command.summary.sentence)
    if !command.discussion.isEmpty { lines += [".PP"] + prose(command.discussion) }
    lines += command.arguments.flatMap(item)
    return lines + examples(of: command, heading: [".PP", "Examples:"])
  }

  private func item(_ argument: ArgumentDeclaration) -> [String] {
    if argument.kind == .positional { return item("\\fI\(escaped(argument.name))\\fR", argument.helpWithNotes) }
    let short = argument.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
    let value = argument.kind == .flag ? "" : " \\fI\(escaped(argument.placeholder))\\fR"
    return item("\(short)\\fB\\-\\-\(escaped(argument.name))\\fR\(value)", argument.helpWithNotes)
  }

  private func item(_ tag: String, _ help: String) -> [String] { [".TP", tag] + prose(help) }

  private func examples(of command: CommandDeclaration, heading: [String]) -> [String] {
    if command.examples.isEmpty { return [] }
    return heading + command.examples.flatMap { item("\\fB\(escaped($0.line))\\fR", $0.meaning) }
  }

  private func prose(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      if line.isEmpty { return [".PP"] }
      return line.hasPrefix(" ") ? [".br", escaped(String(line))] : [escaped(String(line))]
    }
  }

  /// The text without anything that roff would take for an instruction.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case ".", "'": result += result.isEmpty ? "\\&\(scalar)" : "\(scalar)"
      case "…": result += "..."
      default: result += scalar.isASCII ? String(scalar) : "\\[u\(hexadecimal(scalar))]"
      }
    }
    return result
  }

  private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
