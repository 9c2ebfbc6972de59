internal import Arguments
internal import Configuration
internal import JSON
internal import TerminalOutput

/// `reelmill config`
struct ConfigCommand: Command {
  let declaration = CommandDeclaration(
    "config", summary: "print every setting, its value and where it came from",
    discussion: """
      Flags outweigh the environment, which outweighs the project file, which outweighs the defaults. Secrets are not \
      printed.
      """)

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    guard !context.wantsJSON else {
      let entries = context.settings.entries.map { entry in
        JSON.object([
          "name": .string(entry.name), "value": entry.shownValue.map(JSON.string) ?? .null,
          "from": .string("\(entry.provenance)"),
        ])
      }
      return context.print(.array(entries))
    }
    var table = Table([.init("SETTING"), .init("VALUE", narrowest: 12), .init("FROM")])
    for entry in context.settings.entries {
      table.append([entry.name, entry.shownValue ?? "–", "\(entry.provenance)"])
    }
    context.print(table.rendered(for: context.output))
  }
}
