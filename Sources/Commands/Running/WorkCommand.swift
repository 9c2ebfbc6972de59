internal import Arguments
internal import Pipeline

/// `reelmill work`
struct WorkCommand: Command {
  static let stages = Option(
    optional: "stages", .list(of: .text), help: "Only these stages, such as transcribe,embed; all when not given.")

  let declaration = CommandDeclaration(
    "work", summary: "consume the queues of stages; this is what scales out",
    discussion: """
      Runs until SIGTERM or SIGINT, then takes nothing more, finishes what runs within the grace time and gives back \
      the rest. Any number of these processes share the work.
      """,
    arguments: [Self.stages], examples: [.init("reelmill work --stages transcribe,embed", "two stages on this machine")]
  )

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let stages = try arguments[Self.stages].map { try StageCatalog.names($0) }
    try await OpenLibrary.with(context) { library in
      try await WorkerProcess(library: library, context: context, stages: stages).run {
        context.say("working; stop with Ctrl-C")
      }
    }
  }
}
