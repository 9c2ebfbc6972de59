internal import Text

/// All settings of a program, and how their values are found: flags outweigh the environment, which outweighs the
/// project file, which outweighs the defaults.
package struct SettingList: Sendable {
  /// The settings in the order in which they are listed and documented.
  package let declarations: [SettingDeclaration]
  private let environmentPrefix: String

  /// - Parameter environmentPrefix: what the names of the program's own environment variables begin with: `REELMILL_`. One
  ///   that begins so and names no setting is warned of; settings may have other names too, which others agreed on.
  package init(environmentPrefix: String, _ settings: [any SettingKey]) {
    declarations = settings.map(\.declaration)
    self.environmentPrefix = environmentPrefix
    check()
  }

  /// Finds every setting's value.
  ///
  /// - Parameters:
  ///   - flags: texts given on the command line, each with the flag's name as it was written.
  ///   - environment: the process's environment. An empty variable counts as not set, because compose files pass
  ///     variables on whether they are set or not.
  ///   - file: the project file, if there is one.
  ///   - readFile: reads a file that a `_FILE` variable names.
  /// - Throws: ``ConfigurationError`` with all that is wrong.
  package func resolve(
    flags: [SettingFlag] = [], environment: [String: String] = [:], file: ProjectFile? = nil,
    readFile: (_ path: String) throws(ConfigurationError) -> String = { path throws(ConfigurationError) in
      try readSmallFile(at: path)
    }
  ) throws(ConfigurationError) -> ResolvedSettings {
    var problems = unknownFlags(in: flags) + unknownKeys(in: file)
    var entries: [ResolvedSettings.Entry] = []
    var values: [String: any Sendable] = [:]
    for setting in declarations {
      do throws(ConfigurationError) {
        let found = try find(setting, flags, environment, file, readFile)
        values[setting.name] = try decode(found, as: setting)
        let shown = (found?.text ?? setting.defaultText).map(setting.shown)
        entries.append(.init(name: setting.name, shownValue: shown, provenance: found?.provenance ?? .default))
      } catch {
        problems += error.problems
      }
    }
    if !problems.isEmpty { throw ConfigurationError(problems: problems) }
    return ResolvedSettings(entries: entries, warnings: unknownVariables(in: environment), values: values)
  }

  // MARK: One setting

  private struct Found {
    let text: String
    let provenance: Provenance
  }

  private func find(
    _ setting: SettingDeclaration, _ flags: [SettingFlag], _ environment: [String: String], _ file: ProjectFile?,
    _ readFile: (String) throws(ConfigurationError) -> String
  ) throws(ConfigurationError) -> Found? {
    if let flag = flags.last(where: { $0.setting == setting.name }) {
      return Found(text: flag.text, provenance: .flag(flag.flag))
    }
    let value = environment[setting.environment].flatMap { $0.isEmpty ? nil : $0 }
    if let variable = setting.environmentFile, let path = environment[variable], !path.isEmpty {
      if value != nil {
        throw ConfigurationError(problems: ["\(setting.environment) and \(variable) are both set; unset one of them"])
      }
      var text = try read(path, namedBy: variable, readFile)
      if text.last?.isNewline == true { text.removeLast() }
      return Found(text: text, provenance: .environmentFile(variable: variable, path: path))
    }
    if let value { return Found(text: value, provenance: .environment(setting.environment)) }
    return file?.entries[setting.name].map { entry in
      Found(text: entry.text, provenance: .file(path: file?.path ?? "", line: entry.line))
    }
  }

  private func read(
    _ path: String, namedBy variable: String, _ readFile: (String) throws(ConfigurationError) -> String
  ) throws(ConfigurationError) -> String {
    do { return try readFile(path) } catch {
      throw ConfigurationError(problems: error.problems.map { "\(variable): \($0)" })
    }
  }

  private func decode(_ found: Found?, as setting: SettingDeclaration) throws(ConfigurationError) -> any Sendable {
    do {
      return try setting.decode(found?.text)
    } catch {
      let place = found.map { "\($0.provenance)" } ?? "default"
      let problem =
        setting.secrecy == .open ? error.description : "expected \(error.expectation), got something else (not shown)"
      throw ConfigurationError(problems: ["\(place): \(setting.name): \(problem)"])
    }
  }

  // MARK: What is not a setting

  private func unknownFlags(in flags: [SettingFlag]) -> [String] {
    let names = declarations.map(\.name)
    return flags.filter { !names.contains($0.setting) }.map { flag in
      "flag \(flag.flag): there is no setting '\(flag.setting.printable(limit: 80))'\(hint(flag.setting, names))"
    }
  }

  private func unknownKeys(in file: ProjectFile?) -> [String] {
    guard let file else { return [] }
    let names = declarations.map(\.name)
    return file.entries.filter { !names.contains($0.key) }.sorted { $0.value.line < $1.value.line }.map { name, entry in
      "\(file.path):\(entry.line):\(entry.column): there is no setting '\(name)'\(hint(name, names))"
    }
  }

  private func unknownVariables(in environment: [String: String]) -> [String] {
    let names = declarations.flatMap { [$0.environment] + ($0.environmentFile.map { [$0] } ?? []) }
    return environment.keys.filter { $0.hasPrefix(environmentPrefix) && !names.contains($0) }.sorted().map { name in
      "environment \(name.printable(limit: 80)): there is no such setting\(hint(name, names))"
    }
  }

  private func hint(_ name: String, _ names: [String]) -> String {
    nearestName(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Stops the program if the declarations contradict each other: a mistake in the source that any run shows.
  private func check() {
    let variables = declarations.flatMap { [$0.environment] + ($0.environmentFile.map { [$0] } ?? []) }
    precondition(Set(variables).count == variables.count, "two settings have the same environment variable")
    precondition(Set(declarations.map(\.name)).count == declarations.count, "two settings have the same name")
  }
}

/// A setting's text from the command line.
package struct SettingFlag: Sendable, Equatable {
  /// The setting's name.
  package let setting: String
  /// The value as it was written.
  package let text: String
  /// The flag as it was written, for messages.
  package let flag: String

  /// A value for the setting called `setting`.
  package init(setting: String, text: String, flag: String) {
    self.setting = setting
    self.text = text
    self.flag = flag
  }
}
