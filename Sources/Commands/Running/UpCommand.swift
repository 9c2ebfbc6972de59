internal import Arguments
internal import Configuration
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
    let settings = context.settings
    guard settings[ReelmillSettings.amqpURL] == nil || settings[ReelmillSettings.databaseURL] == nil else {
      return try await work(context, embedded: nil)
    }
    let places = Places(settings)
    let services = EmbeddedServices(.init(folder: places.folder, postgresqlFolder: places.postgresql))
    context.say("starting the embedded broker and database in \(places.folder)")
    let endpoints: Endpoints
    do { endpoints = try await services.start() } catch { throw CommandFailure(.unavailable, "\(error)") }
    let watching = Task {
      for await event in services.events { context.logger.warning("\(event)") }
    }
    let result: Result<Void, any Error>
    do {
      try await work(context, embedded: endpoints)
      result = .success(())
    } catch { result = .failure(error) }
    await services.stop()
    watching.cancel()
    try result.get()
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
