internal import Text

/// Reads one command line from left to right, by GNU's conventions without their abbreviations: an option's name is
/// written out, so that a new option never changes what an old script means.
struct ArgumentParser {
  enum Outcome {
    case run(ParsedArguments)
    case help([String])
    case version
  }

  private let program: CommandDeclaration
  private var command: CommandDeclaration
  private var path: [String] = []
  private var rest: ArraySlice<String> = []
  private var given: [String: [String]] = [:]
  private var positionalTexts: [String] = []

  init(program: CommandDeclaration) {
    self.program = program
    command = program
  }

  mutating func parse(_ arguments: [String]) throws(UsageError) -> Outcome {
    rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        while let text = rest.popFirst() { try takeWord(text) }
      } else if argument == "--help" || argument == "-h" {
        return .help(path)
      } else if argument == "--version", path.isEmpty {
        return .version
      } else if argument.hasPrefix("--") {
        try takeLong(argument.dropFirst(2))
      } else if argument.hasPrefix("-"), argument != "-", !isNegativeNumber(argument) {
        if try takeShorts(argument.dropFirst()) { return .help(path) }
      } else if argument == "help", !command.subcommands.isEmpty {
        return .help(try pathForHelp())
      } else {
        try takeWord(argument)
      }
    }
    if !command.doesSomething { throw missingCommand() }
    return .run(ParsedArguments(commandPath: path, values: try values()))
  }

  /// The options and flags that may stand here.
  private var named: [ArgumentDeclaration] { path.isEmpty ? program.named : command.named + program.named }

  // MARK: Words

  private mutating func takeWord(_ word: String) throws(UsageError) {
    if command.subcommands.isEmpty {
      positionalTexts.append(word)
    } else if let subcommand = command.subcommands.first(where: { $0.name == word }) {
      if !path.isEmpty, let stray = command.named.first(where: { given[$0.name] != nil }) {
        throw failure("--\(stray.name) does not go with '\(word)'")
      }
      command = subcommand
      path.append(word)
    } else {
      let names = command.subcommands.map(\.name)
      throw failure("unknown command '\(word.printable(limit: 80))'", nearest: nearestName(to: word, in: names))
    }
  }

  /// `help dlq list`: the help of the commands named after the word.
  private mutating func pathForHelp() throws(UsageError) -> [String] {
    while let word = rest.popFirst() {
      if word.hasPrefix("-") { continue }
      if command.subcommands.isEmpty { throw failure("'\(word.printable(limit: 80))' is not a command") }
      try takeWord(word)
    }
    return path
  }

  private func isNegativeNumber(_ argument: String) -> Bool {
    command.subcommands.isEmpty && argument.dropFirst().first?.isNumber == true
  }

  // MARK: Options

  private mutating func takeLong(_ text: Substring) throws(UsageError) {
    let equals = text.firstIndex(of: "=")
    let name = String(text[..<(equals ?? text.endIndex)])
    guard let argument = named.first(where: { $0.name == name }) else {
      let nearest = nearestName(to: name, in: named.map(\.name) + ["help"])
      throw failure("unknown option '--\(name.printable(limit: 80))'", nearest: nearest.map { "--\($0)" })
    }
    if argument.kind == .flag {
      if equals != nil { throw failure("--\(name) takes no value") }
      given[name, default: []].append("")
    } else if let equals {
      try give(String(text[text.index(after: equals)...]), to: argument)
    } else {
      try give(try nextValue(of: argument, shown: "--\(name)"), to: argument)
    }
  }

  /// Takes a cluster of short options such as `vn5`.
  ///
  /// - Returns: whether `h` is among them.
  private mutating func takeShorts(_ cluster: Substring) throws(UsageError) -> Bool {
    var letters = cluster
    while let letter = letters.popFirst() {
      if letter == "h" { return true }
      guard let argument = named.first(where: { $0.short == letter }) else {
        throw failure("unknown option '-\(String(letter).printable())' in '-\(String(cluster).printable(limit: 80))'")
      }
      if argument.kind == .flag {
        given[argument.name, default: []].append("")
      } else if letters.isEmpty {
        try give(try nextValue(of: argument, shown: "-\(letter)"), to: argument)
      } else {
        try give(String(letters), to: argument)
        return false
      }
    }
    return false
  }

  private mutating func nextValue(of argument: ArgumentDeclaration, shown: String) throws(UsageError) -> String {
    guard let next = rest.first else { throw failure("\(shown) needs a value: <\(argument.placeholder)>") }
    // A forgotten value must not swallow the next option.
    if next.hasPrefix("--") {
      throw failure(
        "\(shown) needs a value: <\(argument.placeholder)>; if '\(next.printable(limit: 80))' is meant, "
          + "write --\(argument.name)=\(next.printable(limit: 80))")
    }
    return rest.removeFirst()
  }

  private mutating func give(_ text: String, to argument: ArgumentDeclaration) throws(UsageError) {
    if !argument.isRepeated, given[argument.name] != nil { throw failure("--\(argument.name) was given twice") }
    given[argument.name, default: []].append(text)
  }

  // MARK: Values

  private mutating func values() throws(UsageError) -> [String: any Sendable] {
    try assignPositionals()
    var values: [String: any Sendable] = [:]
    for argument in command.arguments + program.arguments {
      let texts = given[argument.name] ?? []
      try checkCount(of: texts, for: argument)
      do {
        values[argument.name] = try argument.decode(texts)
      } catch {
        throw failure("\(argument.shownName): \(error)")
      }
    }
    return values
  }

  private mutating func assignPositionals() throws(UsageError) {
    var texts = positionalTexts[...]
    for argument in command.positionals where !texts.isEmpty {
      let count = argument.isRepeated ? texts.count : 1
      given[argument.name] = Array(texts.prefix(count))
      texts = texts.dropFirst(count)
    }
    if let first = texts.first { throw failure("'\(first.printable(limit: 80))' is one argument too many") }
  }

  private func checkCount(of texts: [String], for argument: ArgumentDeclaration) throws(UsageError) {
    let minimum =
      switch argument.occurrence {
      case .optional: 0
      case .required: 1
      case .repeated(let minimum): minimum
      }
    if texts.count >= minimum { return }
    let times = minimum > 1 ? " at least \(minimum) times" : ""
    throw failure("\(argument.shownName) is missing\(times): \(argument.help)")
  }

  // MARK: Errors

  private func missingCommand() -> UsageError {
    failure("a command is missing: \(command.subcommands.map(\.name).joined(separator: ", "))")
  }

  private func failure(_ message: String, nearest: String? = nil) -> UsageError {
    let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
    return UsageError(message: message + hint, commandPath: [program.name] + path)
  }
}
