extension CommandDeclaration {
  /// Stops the program if its declarations contradict each other: a mistake in the source that any run shows.
  func check() {
    for (path, command) in descendants() {
      let place = ([name] + path).joined(separator: " ")
      let arguments = command.arguments + (path.isEmpty ? [] : self.arguments)
      var seen: Set = ["help", "version"]
      var shorts: Set<Character> = ["h"]
      for argument in arguments {
        precondition(seen.insert(argument.name).inserted, "'\(place)' has two arguments called \(argument.name)")
        guard let short = argument.short else { continue }
        precondition(short.isASCII && short.isLetter, "'\(place)': -\(short) is not a letter")
        precondition(shorts.insert(short).inserted, "'\(place)' has two arguments called -\(short)")
      }
      let commands = command.subcommands.map(\.name)
      precondition(Set(commands).count == commands.count, "'\(place)' has two commands of one name")
      precondition(!commands.contains("help"), "'\(place)': help is there already")
      command.checkPositionals(place)
    }
  }

  private func checkPositionals(_ place: String) {
    precondition(subcommands.isEmpty || positionals.isEmpty, "'\(place)' has commands, so no positional arguments")
    for (argument, next) in zip(positionals, positionals.dropFirst()) {
      precondition(!argument.isRepeated, "'\(place)': nothing can follow the repeated <\(argument.name)>")
      precondition(
        argument.occurrence == .required || next.occurrence == .optional || next.occurrence == .repeated(atLeast: 0),
        "'\(place)': <\(next.name)> is required but follows <\(argument.name)>, which is not")
    }
  }
}
