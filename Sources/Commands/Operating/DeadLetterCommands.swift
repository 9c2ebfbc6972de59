internal import Arguments
internal import Identifiers
internal import JSON
internal import Operations
internal import Pipeline
internal import TerminalOutput
internal import Text

/// `reelmill dlq list`
struct ListDeadLettersCommand: Command {
  static let stage = Option(optional: "stage", .text, help: "Only those of this stage.")
  static let code = Option(optional: "code", .text, help: "Only those with this error code.")
  static let limit = Option(
    "limit", short: "n", .integer(1...DeadLetters.longestPage), default: 50, help: "The most letters.")
  static let after = Option(optional: "after", .text, help: "Go on where an earlier list ended.")

  let declaration = CommandDeclaration(
    "list", summary: "list dead letters, newest first", discussion: "Looking takes nothing from the queues.",
    arguments: [Self.stage, Self.code, Self.limit, Self.after])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let cursor = try arguments[Self.after].map { text -> DeadLetterCursor in
      guard let cursor = DeadLetterCursor(text) else {
        throw CommandFailure(.usage, "--after: `\(text)` is not where a list ended")
      }
      return cursor
    }
    try await OpenLibrary.with(context) { library in
      let filter = DeadLetters.Filter(
        stage: arguments[Self.stage].flatMap(StageName.init(rawValue:)), errorCode: arguments[Self.code])
      let page = try await DeadLetters(try library.operations).list(filter, after: cursor, limit: arguments[Self.limit])
      guard !context.wantsJSON else { return context.print(page.json) }
      var table = Table([
        .init("WHEN"), .init("ID"), .init("STAGE"), .init("ASSET"), .init("CODE"), .init("WHY", narrowest: 20),
      ])
      for letter in page.letters {
        table.append([
          letter.at.rfc3339, letter.id.description, letter.stage ?? "–",
          letter.asset.map { String($0.description.prefix(8)) } ?? "–", letter.errorCode, letter.error,
        ])
      }
      if page.letters.isEmpty {
        context.say("no dead letters")
      } else {
        context.print(table.rendered(for: context.output))
      }
      if let next = page.next { context.say("more: --after \(next)") }
    }
  }
}

/// `reelmill dlq show`
struct ShowDeadLetterCommand: Command {
  static let id = Positional("id", .text, help: "The id that `dlq list` shows.")

  let declaration = CommandDeclaration(
    "show", summary: "show a dead letter: message, reason, attempts, asset", arguments: [Self.id])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    guard let id = UUID(arguments[Self.id]) else {
      throw CommandFailure(.usage, "`\(arguments[Self.id])` is not the id of a dead letter; see `reelmill dlq list`")
    }
    try await OpenLibrary.with(context) { library in
      let report = try await DeadLetters(try library.operations).show(id)
      guard !context.wantsJSON else { return context.print(report.json) }
      let summary = report.summary
      context.print(
        """
        \(context.output.styled(summary.error.printable(limit: 2000), .bold))
          code: \(summary.errorCode)
          stage: \(summary.stage ?? "–")  queue: \(summary.queue)  attempts: \(summary.attempts)
          at: \(summary.at.rfc3339)  by: \(report.build)
          routing key: \(report.routingKey)
          headers: \(report.headers.canonicalText.printable(limit: 2000))
          asset: \(report.asset.map { "\($0.asset.title) \($0.asset.id)" } ?? "–")
        """)
      if let detail = report.detail { context.print("  detail:\n\(detail.printable(limit: 8000))") }
      for attempt in report.attempts {
        context.print("  \(attempt.at.rfc3339) \(attempt.event) \(attempt.error ?? "")")
      }
    }
  }
}
