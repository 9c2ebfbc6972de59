internal import Arguments
internal import JSON
internal import Operations
internal import Pipeline

/// `reelmill pause`
struct PauseCommand: Command {
  static let stage = Positional("stage", .text, help: "The stage, such as transcribe; `reelmill topology` lists them.")
  static let time = Option(
    "for", .duration(.seconds(1) ... .seconds(30 * 24 * 3600)), default: .seconds(24 * 3600),
    help: "After so long it ends by itself.")
  static let reason = Option(optional: "reason", .text, help: "Why, for those who see it in `reelmill status`.")

  let declaration = CommandDeclaration(
    "pause", summary: "have workers take no more of a stage, for a time",
    discussion: """
      Workers stop taking it within seconds; what they have begun they finish. Its messages stay in their queues. A \
      pause that is forgotten ends by itself.
      """,
    arguments: [Self.stage, Self.time, Self.reason],
    examples: [.init("reelmill pause transcribe --for 2h --reason 'the provider moves'", "for two hours")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    guard let reason = arguments[Self.reason] else {
      throw CommandFailure(.usage, "say why, so that others know: --reason 'the provider moves'")
    }
    try await OpenLibrary.with(context) { library in
      let pause = try await StagePauses(try library.operations).pause(
        try StageCatalog.name(arguments[Self.stage]), for: arguments[Self.time],
        owner: context.settings[ReelmillSettings.owner], reason: reason)
      context.wantsJSON
        ? context.print(pause.json) : context.print("\(pause.stage) is paused until \(pause.until.rfc3339)")
    }
  }
}

/// `reelmill resume`
struct ResumeCommand: Command {
  static let stage = Positional("stage", .text, help: "The stage that `reelmill status` shows as paused.")

  let declaration = CommandDeclaration(
    "resume", summary: "have workers take a stage again", arguments: [Self.stage])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      let stage = try StageCatalog.name(arguments[Self.stage])
      let pause = try await StagePauses(try library.operations).resume(stage)
      guard !context.wantsJSON else {
        return context.print(["stage": .string(stage.rawValue), "wasPaused": .bool(pause != nil)])
      }
      context.print(pause == nil ? "\(stage) was not paused" : "\(stage) goes on")
    }
  }
}
