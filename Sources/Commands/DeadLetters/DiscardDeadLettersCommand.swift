internal import Arguments
internal import Glibc
internal import Identifiers
internal import JSON
internal import Operations
internal import TerminalOutput

/// `reelmill dlq discard`
struct DiscardDeadLettersCommand: Command {
  static let group = Option(
    optional: "group", .text, help: "The letters' group, as `dlq groups` names it; asked for when not given.")
  static let reason = Option(required: "reason", .text, help: "Why; it is kept with the letters.")

  let declaration = CommandDeclaration(
    "discard", summary: "give dead letters up for good",
    discussion: """
      Without ids, all of the group that are open or archived. They can be restored for a week, then they are erased.
      """,
    arguments: [Self.group, Self.reason, DeadLetterArgument.ids],
    examples: [
      .init("reelmill dlq discard --group read/media.cut/1f83d9ab --reason test", "all of a group")
    ])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let selection = try DeadLetterArgument.selection(arguments)
    let reason = arguments[Self.reason]
    guard !reason.isEmpty else { throw CommandFailure(.usage, "--reason: say why") }
    try await OpenLibrary.with(context) { library in
      let letters = DeadLetters(try library.operations)
      let count = try await letters.discard(
        try await Self.confirmed(selection, letters, context), by: context.settings[ReelmillSettings.owner],
        reason: reason)
      context.wantsJSON ? context.print(["discarded": .integer(Int64(count))]) : context.print("\(count) discarded")
    }
  }

  /// The selection with the group's name, typed by a person where it was not given.
  private static func confirmed(
    _ selection: DeadLetters.Selection, _ letters: DeadLetters, _ context: CommandContext
  ) async throws -> DeadLetters.Selection {
    guard case .letters(let ids, nil) = selection, let first = ids.first else { return selection }
    let group = try await letters.show(first).summary.group
    guard isatty(STDIN_FILENO) == 1 else {
      throw CommandFailure(.usage, "say that it is meant: --group \(group)")
    }
    context.complain("to discard \(ids.count), type the name of their group, \(group):")
    guard readLine() == group else { throw CommandFailure(.cancelled, "that is not its name; nothing was discarded") }
    return .letters(ids, in: group)
  }
}
