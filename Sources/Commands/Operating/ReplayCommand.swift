internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput

/// `reelmill replay`
struct ReplayCommand: Command {
  let declaration = CommandDeclaration(
    "replay", summary: "announce work again: what failed, is outdated or was lost",
    discussion: """
      The list is frozen first, and the workers go on with it: this command may end, and so may they. What was made \
      meanwhile is skipped, and what is running or asked for already is left alone. --dry-run freezes the list and tells \
      what it would do; `reelmill replay resume` starts just that list within a day.
      """,
    arguments: ReplayArguments.all,
    examples: [
      .init("reelmill replay --dead --canary 3 --dry-run", "what it would do"),
      .init("reelmill replay --outdated --stage embed --rate 20 --wait", "a new model, gently"),
      .init("reelmill replay --lost", "after queues were purged"),
    ])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let selector = try ReplayArguments.selector(arguments)
    try await OpenLibrary.with(context) { library in
      let request = try await ReplayArguments.request(selector, arguments, in: library, context)
      let replays = Replays(try library.operations)
      let preview = try await Self.freeze(request, with: replays, context)
      if !arguments[ReplayArguments.dryRun] { try await replays.resume(preview.id) }
      context.wantsJSON ? context.print(preview.json) : Self.show(preview, context)
      guard !arguments[ReplayArguments.dryRun] else {
        return context.say("nothing is announced; start it with `reelmill replay resume \(preview.id)`")
      }
      guard arguments[ReplayArguments.wait] else {
        return context.say("the workers go on with it; see `reelmill replay watch \(preview.id)`")
      }
      try await ReplayWatch(replays: replays, context: context).follow(preview.id)
    }
  }

  private static func freeze(
    _ request: ReplayRequest, with replays: Replays, _ context: CommandContext
  ) async throws -> ReplayPreview {
    do throws(OperationError) {
      return try await replays.preview(request)
    } catch {
      switch error {
      case .invalidReplay, .unknownStage: throw CommandFailure(.usage, "\(error)")
      default: throw error
      }
    }
  }

  private static func show(_ preview: ReplayPreview, _ context: CommandContext) {
    var table = Table([
      .init("STAGE"), .init("LANE"), .init("TO ANNOUNCE", .right), .init("OF THESE CACHED", .right),
      .init("TO SKIP", narrowest: 20),
    ])
    for destination in preview.destinations {
      let skipped = destination.skipped.sorted { $0.key.rawValue < $1.key.rawValue }
      table.append([
        destination.stage.rawValue, preview.lane.rawValue, "\(destination.announced)", "\(destination.cached)",
        skipped.isEmpty ? "–" : skipped.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", "),
      ])
    }
    if !preview.destinations.isEmpty { context.print(table.rendered(for: context.output)) }
    context.print("\(preview.announced) to announce; expected: \(preview.expected.words)")
  }
}
