internal import Arguments
internal import JSON

/// `reelmill rm`
struct RemoveCommand: Command {
  static let assets = Positional(repeated: "asset", .text, atLeast: 1, help: AssetArgument.help)
  static let undo = Flag("undo", help: "Bring them back.")

  let declaration = CommandDeclaration(
    "rm", summary: "remove assets; a tombstone stays",
    discussion: """
      They are found no more at once, and messages on their way change nothing. `reelmill rm --undo` brings them back \
      until the grace time is over; then what was derived is erased, and content that nothing else refers to.
      """,
    arguments: [Self.assets, Self.undo])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let comesBack = arguments[Self.undo]
    try await OpenLibrary.with(context) { library in
      for text in arguments[Self.assets] {
        let id = try await AssetArgument.find(text, in: library, context)
        comesBack ? try await library.intake.restore(id) : try await library.intake.remove(id)
        let deed = comesBack ? "restored" : "removed"
        context.wantsJSON
          ? context.print(["assetId": .string(id.description), deed: true]) : context.print("\(id)  \(deed)")
      }
    }
  }
}
