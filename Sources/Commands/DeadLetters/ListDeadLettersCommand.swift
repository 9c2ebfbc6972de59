internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill dlq list`
struct ListDeadLettersCommand: Command {
  static let limit = Option(
    "limit", short: "n", .integer(1...DeadLetters.longestPage), default: 50, help: "The most letters.")
  static let after = Option(optional: "after", .text, help: "Go on where an earlier list ended.")

  let declaration = CommandDeclaration(
    "list", summary: "list dead letters, newest first", discussion: "Looking takes nothing from the queues.",
    arguments: DeadLetterArgument.filters + [Self.limit, Self.after],
    examples: [.init("reelmill dlq list --stage transcribe --since 1h", "of the last hour")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let cursor = try arguments[Self.after].map { text -> DeadLetterCursor in
      guard let cursor = DeadLetterCursor(text) else {
        throw CommandFailure(.usage, "--after: `\(text)` is not where a list ended")
      }
      return cursor
    }
    let filter = try DeadLetterArgument.filter(arguments)
    try await OpenLibrary.with(context) { library in
      let page = try await DeadLetters(try library.operations).list(filter, after: cursor, limit: arguments[Self.limit])
      guard !context.wantsJSON else { return context.print(page.json) }
      if page.letters.isEmpty {
        context.say("no dead letters")
      } else {
        context.print(Self.table(page.letters).rendered(for: context.output))
      }
      if let next = page.next { context.say("more: --after \(next)") }
    }
  }

  private static func table(_ letters: [DeadLetterSummary]) -> Table {
    var table = Table([
      .init("WHEN"), .init("ID"), .init("STAGE"), .init("ASSET"), .init("STATE"), .init("CODE"),
      .init("WHY", narrowest: 20),
    ])
    for letter in letters {
      table.append(
        [
          letter.at.rfc3339, letter.id.description, letter.stage ?? "–",
          letter.asset.map { String($0.description.prefix(8)) } ?? "–", letter.state.rawValue, letter.errorCode,
          letter.error,
        ], style: letter.state == .open ? nil : .dim)
    }
    return table
  }
}
