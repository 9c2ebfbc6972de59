internal import Arguments
internal import Operations
internal import PostgreSQL

/// `reelmill backup`
struct BackupCommand: Command {
  static let folder = Positional("folder", .folder, help: "Where to; it must be empty, or not be there yet.")

  let declaration = CommandDeclaration(
    "backup", summary: "write database, content and settings into a folder, while work goes on",
    discussion: """
      The database is written as it is at one moment, with all content that it refers to then. Secrets are not among \
      the settings. A backup is whole when its manifest.json is there.
      """,
    arguments: [Self.folder], examples: [.init("reelmill backup /backup/monday", "then copy it to another machine")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await EmbeddedRun.with(context, sharing: true) { embedded in
      try await OpenLibrary.with(context, embedded: embedded) { library in
        let manifest = try await write(library, to: arguments[Self.folder], in: context)
        guard !context.wantsJSON else { return context.print(manifest.summary) }
        context.print(
          "backed up \(manifest.rowCount) rows and \(manifest.contentCount) contents, as of \(manifest.takenAt)")
        if !manifest.missingContent.isEmpty {
          context.complain(
            "\(manifest.missingContent.count) contents are referred to and are not there, such as "
              + (manifest.missingContent.first ?? ""))
        }
        if !manifest.omittedSettings.isEmpty {
          context.print("left out, because secrets are in it: \(manifest.omittedSettings.joined(separator: ", "))")
        }
      }
    }
  }

  private func write(
    _ library: OpenLibrary, to folder: String, in context: CommandContext
  ) async throws -> BackupManifest {
    let client = try library.anotherClient(name: "reelmill backup", connections: 2)
    var line = context.progressLine()
    let settings = ReelmillSettings.all.projectFile(of: context.settings)
    let result: Result<BackupManifest, BackupError>
    do throws(BackupError) {
      result = .success(
        try await LibraryBackup(client: client, blobs: library.blobs, build: ReelmillVersion.build).write(
          to: folder, settings: .init(text: settings.text, omitted: settings.omitted)
        ) { line.update("\($0)") })
    } catch { result = .failure(error) }
    line.clear()
    await client.close()
    do throws(BackupError) { return try result.get() } catch { throw CommandFailure(error) }
  }
}
