internal import Arguments
internal import Engine
internal import JSON
internal import Operations
internal import PostgreSQL

/// `reelmill restore`
struct RestoreCommand: Command {
  static let folder = Positional("folder", .folder, help: "A backup.")

  let declaration = CommandDeclaration(
    "restore", summary: "bring a library back from a backup, into an empty database",
    discussion: """
      The backup is compared with its manifest first. The database must have no schema, or the backup's and nothing in \
      it; stop all workers. What was under way when the backup was made is announced by `reelmill replay --lost`, once \
      workers run again.
      """,
    arguments: [Self.folder], examples: [.init("reelmill restore /backup/monday", "with the broker empty, too")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await EmbeddedRun.with(context, sharing: true) { embedded in
      try await OpenLibrary.with(context, embedded: embedded, needsSchema: false) { library in
        let folder = arguments[Self.folder]
        let manifest = try await restore(library, from: folder, in: context)
        guard !context.wantsJSON else { return context.print(manifest.summary) }
        context.print("restored \(manifest.rowCount) rows and \(manifest.contentCount) contents of \(manifest.takenAt)")
        context.print("its settings are in \(folder)/reelmill.toml; they were not applied")
        if !manifest.omittedSettings.isEmpty {
          context.print("set again, because secrets are in it: \(manifest.omittedSettings.joined(separator: ", "))")
        }
        let pending = try await Migrator(client: library.client).pending()
        if !pending.isEmpty { context.print("this build is newer: run `reelmill migrate`") }
        context.print("start workers, then `reelmill replay --lost --idle 1s` announces what was under way")
      }
    }
  }

  private func restore(
    _ library: OpenLibrary, from folder: String, in context: CommandContext
  ) async throws -> BackupManifest {
    // Indexes are built and references are checked within one statement.
    let client = try library.anotherClient(
      name: "reelmill restore", connections: 2, statementTimeout: .seconds(24 * 3600))
    var line = context.progressLine()
    let result: Result<BackupManifest, BackupError>
    do throws(BackupError) {
      result = .success(
        try await LibraryRestore(client: client, blobs: library.blobs).restore(from: folder) { line.update("\($0)") })
    } catch { result = .failure(error) }
    line.clear()
    await client.close()
    do throws(BackupError) { return try result.get() } catch { throw CommandFailure(error) }
  }
}

extension BackupManifest {
  /// What of it people and programs want to know.
  var summary: JSON {
    [
      "takenAt": .string(takenAt), "build": .string(build), "rows": .integer(Int64(rowCount)),
      "tables": .object(
        Dictionary(tables.map { ($0.name, JSON.integer(Int64($0.rows))) }, uniquingKeysWith: { first, _ in first })),
      "contents": .integer(Int64(contentCount)), "contentBytes": .integer(Int64(contentSize)),
      "missingContents": .array(missingContent.map { .string($0) }),
      "omittedSettings": .array(omittedSettings.map { .string($0) }),
    ]
  }
}

extension CommandFailure {
  init(_ error: BackupError) {
    let code: ExitCode =
      switch error {
      case .folderNotEmpty, .noBackup: .usage
      case .file, .content: .inputOutput
      case .database(let error) where error.consequence == .retry: .unavailable
      case .cancelled: .cancelled
      default: .failed
      }
    self.init(code, "\(error)")
  }
}
