internal import Arguments
internal import JSON
internal import Operations

/// `reelmill dlq export`
struct ExportDeadLettersCommand: Command {
  let declaration = CommandDeclaration(
    "export", summary: "print dead letters with their messages, one JSON object a line, oldest first",
    discussion: "All that fit, as they are at one moment. Nothing is taken from the queues.",
    arguments: DeadLetterArgument.filters,
    examples: [.init("reelmill dlq export --state all > letters.jsonl", "keep them all")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let filter = try DeadLetterArgument.filter(arguments)
    try await OpenLibrary.with(context) { library in
      try await DeadLetters(try library.operations).export(filter) { context.print($0) }
    }
  }
}
