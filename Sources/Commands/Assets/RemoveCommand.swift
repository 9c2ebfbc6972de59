internal import Arguments
internal import JSON

/// `reelmill rm`
struct RemoveCommand: Command {
  static let assets = Positional(repeated: "asset", .text, atLeast: 1, help: AssetArgument.help)

  let declaration = CommandDeclaration(
    "rm", summary: "remove assets; a tombstone stays",
    discussion: """
      They are found no more at once, and messages on their way change nothing. `reelmill restore` undoes it until \
      the grace time is over; then what was derived is erased, and content that nothing else refers to.
      """,
    arguments: [Self.assets])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      for text in arguments[Self.assets] {
        let id = try await AssetArgument.find(text, in: library, context)
        try await library.intake.remove(id)
        context.wantsJSON
          ? context.print(["assetId": .string(id.description), "removed": true]) : context.print("\(id)  removed")
      }
    }
  }
}

/// `reelmill restore`
struct RestoreCommand: Command {
  static let assets = Positional(repeated: "asset", .text, atLeast: 1, help: AssetArgument.help)

  let declaration = CommandDeclaration(
    "restore", summary: "bring removed assets back", arguments: [Self.assets])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      for text in arguments[Self.assets] {
        let id = try await AssetArgument.find(text, in: library, context)
        try await library.intake.restore(id)
        context.wantsJSON
          ? context.print(["assetId": .string(id.description), "restored": true]) : context.print("\(id)  restored")
      }
    }
  }
}
