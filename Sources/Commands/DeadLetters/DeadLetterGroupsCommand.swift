internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill dlq groups`
struct DeadLetterGroupsCommand: Command {
  static let all = Flag("all", help: "Also groups of which no letter is open.")
  static let limit = Option(
    "limit", short: "n", .integer(1...DeadLetters.mostGroups), default: 100, help: "The most groups.")

  let declaration = CommandDeclaration(
    "groups", summary: "group dead letters by stage, code and what their errors have in common",
    discussion: """
      The group that grew last comes first. NEWER names a build that works since the group began and has not failed \
      so: a replay may go better.
      """,
    arguments: [DeadLetterArgument.stage, Self.all, Self.limit])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let stage = try DeadLetterArgument.stage(arguments[DeadLetterArgument.stage])
    try await OpenLibrary.with(context) { library in
      let groups = try await DeadLetters(try library.operations).groups(
        stage: stage, includesSettled: arguments[Self.all], limit: arguments[Self.limit])
      guard !context.wantsJSON else { return context.print(["groups": .array(groups.map(\.json))]) }
      if groups.isEmpty {
        context.say("no dead letters")
      } else {
        context.print(Self.table(groups).rendered(for: context.output))
      }
      for group in groups {
        if let note = group.note { context.print("\(group.name): \(note)  (\(group.notedBy ?? "–"))".printable()) }
      }
    }
  }

  private static func table(_ groups: [DeadLetterGroupReport]) -> Table {
    var table = Table([
      .init("OPEN", .right), .init("GROUP"), .init("LAST SEEN"), .init("FIRST SEEN"), .init("REPLAYED"),
      .init("BUILD"), .init("NEWER"), .init("WHAT", narrowest: 20),
    ])
    for group in groups {
      table.append([
        "\(group.open)", group.name, group.lastSeen.rfc3339, group.firstSeen.rfc3339,
        group.lastReplayedAt?.rfc3339 ?? "–", group.builds.last ?? "–", group.newerBuild ?? "–", group.pattern,
      ])
    }
    return table
  }
}

/// `reelmill dlq note`
struct NoteDeadLettersCommand: Command {
  static let group = Positional("group", .text, help: "The group, as `dlq groups` names it.")
  static let text = Positional("text", .text, help: "What people should know; empty takes the note away.")

  let declaration = CommandDeclaration(
    "note", summary: "leave a note on a group", arguments: [Self.group, Self.text],
    examples: [.init("reelmill dlq note read/media.cut/1f83d9ab 'ask Ada'", "for whoever looks next")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let group = arguments[Self.group]
    try await OpenLibrary.with(context) { library in
      try await DeadLetters(try library.operations).note(
        arguments[Self.text], on: group, by: context.settings[ReelmillSettings.owner])
      context.wantsJSON ? context.print(["group": .string(group)]) : context.print("\(group)  noted")
    }
  }
}
