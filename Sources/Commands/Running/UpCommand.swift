internal import Arguments
internal import EmbeddedServices
internal import Engine

/// `reelmill up`
struct UpCommand: Command {
  let declaration = CommandDeclaration(
    "up", summary: "run everything in this process: services, migrations, topology, all stages",
    discussion: """
      The broker and the database are embedded ones, kept in the folder, unless their URLs are configured. Ctrl-C \
      drains and stops all of it.
      """,
    examples: [.init("reelmill up", "until Ctrl-C")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await EmbeddedRun.with(context) { try await work(context, embedded: $0) }
  }

  private func work(_ context: CommandContext, embedded: Endpoints?) async throws {
    try await OpenLibrary.with(context, embedded: embedded, needsSchema: false) { library in
      let report = try await Migrator(client: library.client).migrate(definitions: library.stages.map(\.definition))
      for name in report.applied { context.say("applied the migration \(name)") }
      try await WorkerProcess(library: library, context: context, stages: nil).run {
        context.say("ready; stop with Ctrl-C")
      }
    }
  }
}
