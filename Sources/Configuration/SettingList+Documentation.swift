extension SettingList {
  /// The settings as Markdown: a table a section, those without a section first, else in the order of their
  /// declaration.
  package var markdownTables: String {
    var sections: [(name: String, settings: [SettingDeclaration])] = []
    for setting in declarations {
      if let index = sections.firstIndex(where: { $0.name == setting.section }) {
        sections[index].settings.append(setting)
      } else {
        sections.insert((setting.section, [setting]), at: setting.section.isEmpty ? 0 : sections.count)
      }
    }
    return sections.map { section in
      let header = "| setting | environment | default | what it is |\n|---|---|---|---|\n"
      let rows = section.settings.map(\.markdownRow).joined(separator: "\n")
      return (section.name.isEmpty ? "" : "### \(section.name)\n\n") + header + rows + "\n"
    }.joined(separator: "\n")
  }
}

extension SettingDeclaration {
  fileprivate var section: String {
    name.firstIndex(of: ".").map { String(name[..<$0]) } ?? ""
  }

  fileprivate var markdownRow: String {
    let variables = ([environment] + [environmentFile].compactMap { $0 }).map { "`\($0)`" }.joined(separator: "<br>")
    let value = defaultText.map { $0.isEmpty ? "empty" : "`\(escaped(shown($0)))`" } ?? "—"
    return "| `\(name)` | \(variables) | \(value) | \(escaped(help)) Expected: \(escaped(expectation)). |"
  }

  private func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
