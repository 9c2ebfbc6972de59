internal import Arguments
internal import JSON
internal import Operations

/// `reelmill dlq archive`
struct ArchiveDeadLettersCommand: Command {
  static let reason = Option("reason", .text, default: "", help: "Why; it is kept with the letters.")

  let declaration = CommandDeclaration(
    "archive", summary: "put dead letters out of the way; `dlq restore` brings them back",
    arguments: [DeadLetterArgument.group, Self.reason, DeadLetterArgument.ids])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let selection = try DeadLetterArgument.selection(arguments)
    try await OpenLibrary.with(context) { library in
      let count = try await DeadLetters(try library.operations).archive(
        selection, by: context.settings[ReelmillSettings.owner], reason: arguments[Self.reason])
      context.wantsJSON ? context.print(["archived": .integer(Int64(count))]) : context.print("\(count) archived")
    }
  }
}

/// `reelmill dlq restore`
struct RestoreDeadLettersCommand: Command {
  let declaration = CommandDeclaration(
    "restore", summary: "open dead letters again that were archived or discarded",
    arguments: [DeadLetterArgument.group, ArchiveDeadLettersCommand.reason, DeadLetterArgument.ids])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let selection = try DeadLetterArgument.selection(arguments)
    try await OpenLibrary.with(context) { library in
      let count = try await DeadLetters(try library.operations).restore(
        selection, by: context.settings[ReelmillSettings.owner], reason: arguments[ArchiveDeadLettersCommand.reason])
      context.wantsJSON ? context.print(["restored": .integer(Int64(count))]) : context.print("\(count) restored")
    }
  }
}
