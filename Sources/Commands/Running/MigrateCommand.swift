internal import Arguments
internal import Engine
internal import JSON

/// `reelmill migrate`
struct MigrateCommand: Command {
  static let dryRun = Flag("dry-run", help: "Only tell what would be applied.")

  let declaration = CommandDeclaration(
    "migrate", summary: "bring the database to this build's schema and activate its stage definitions",
    discussion: "What a changed definition made before is outdated, and stays in use until it is replayed.",
    arguments: [Self.dryRun])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context, needsSchema: false) { library in
      let migrator = Migrator(client: library.client)
      var report = Migrator.Report(applied: [])
      if arguments[Self.dryRun] {
        report.applied = try await migrator.pending()
      } else {
        report = try await migrator.migrate(definitions: library.stages.map(\.definition))
      }
      guard !context.wantsJSON else {
        context.print([
          "applied": .array(report.applied.map(JSON.string)),
          "changedDefinitions": .array(report.changedDefinitions.map { .string($0.rawValue) }),
        ])
        return
      }
      for name in report.applied { context.print("\(arguments[Self.dryRun] ? "would apply" : "applied") \(name)") }
      for stage in report.changedDefinitions {
        context.print("\(stage): a new definition is active; what it made before is outdated")
      }
      if report.applied.isEmpty && report.changedDefinitions.isEmpty { context.print("nothing to do") }
    }
  }
}
