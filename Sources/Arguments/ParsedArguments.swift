/// The values of a command line, by the keys that declared them.
package struct ParsedArguments: Sendable {
  /// The names that lead to the command, without the program's: `["dlq", "list"]`.
  package let commandPath: [String]
  private let values: [String: any Sendable]

  init(commandPath: [String], values: [String: any Sendable]) {
    self.commandPath = commandPath
    self.values = values
  }

  /// The value of an argument that the command or its program declares.
  package subscript<Key: ArgumentKey>(_ key: Key) -> Key.Value {
    let name = key.declaration.name
    // Proof: the parser stores a value of the key's own type under the name of each declared argument, and names are
    // unique in a command. What is left is a key that the command does not list, which its first run shows.
    guard let found = values[name] as? ArgumentValue<Key.Value> else {
      preconditionFailure(
        "'\(commandPath.joined(separator: " "))' reads \(key.declaration.shownName) but does not declare it")
    }
    return found.value
  }
}
