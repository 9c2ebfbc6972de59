/// The values of all settings and where each came from.
package struct ResolvedSettings: Sendable {
  /// One setting as `reelmill config` shows it.
  package struct Entry: Sendable, Equatable {
    /// The setting's full name.
    package let name: String
    /// The value as it may be shown, secrets replaced; nil if the setting has none.
    package let shownValue: String?
    /// Where the value came from.
    package let provenance: Provenance
  }

  /// The settings in the order of their declaration.
  package let entries: [Entry]
  /// What does no harm but is likely a mistake: environment variables that look like settings and are none.
  package let warnings: [String]
  private let values: [String: any Sendable]

  init(entries: [Entry], warnings: [String], values: [String: any Sendable]) {
    self.entries = entries
    self.warnings = warnings
    self.values = values
  }

  /// The value of a setting.
  package subscript<Key: SettingKey>(_ key: Key) -> Key.Value {
    // Proof: resolving stores a value of the key's own type for every setting of the list, and names are unique in it.
    // What is left is a setting that the list does not name, which the first run shows.
    guard let found = values[key.declaration.name] as? SettingValue<Key.Value> else {
      preconditionFailure("the setting \(key.declaration.name) is not in the list that was resolved")
    }
    return found.value
  }
}

/// Where a setting's value came from.
package enum Provenance: Sendable, Equatable, CustomStringConvertible {
  /// A flag, as it was written.
  case flag(String)
  /// An environment variable.
  case environment(String)
  /// A file that an environment variable names.
  case environmentFile(variable: String, path: String)
  /// The project file.
  case file(path: String, line: Int)
  case `default`

  package var description: String {
    switch self {
    case .flag(let name): "flag \(name)"
    case .environment(let variable): "environment \(variable)"
    case .environmentFile(let variable, let path): "file \(path) (environment \(variable))"
    case .file(let path, let line): "\(path):\(line)"
    case .default: "default"
    }
  }
}
