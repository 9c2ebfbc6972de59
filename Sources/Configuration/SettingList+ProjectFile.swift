extension SettingList {
  /// A project file that sets what was set, wherever that came from, and no secrets.
  ///
  /// - Returns: the file's text, and the names of the settings that were set and are left out, because they hold
  ///   secrets or may.
  package func projectFile(of settings: ResolvedSettings) -> (text: String, omitted: [String]) {
    var text = ""
    var omitted: [String] = []
    for (declaration, entry) in zip(declarations, settings.entries) where entry.provenance != .default {
      guard declaration.secrecy == .open, let value = entry.shownValue else {
        omitted.append(entry.name)
        continue
      }
      text += "\(entry.name) = \(quoted(value))\n"
    }
    return (text, omitted)
  }
}

/// A basic string of a project file.
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
