package import Blobs
internal import Engine
internal import Hashing
package import PostgreSQL

/// Writes a library into a folder while it is at work: the database as it is at one moment, and all content that it
/// refers to then. It takes the same little memory whatever the library's size.
package struct LibraryBackup: Sendable {
  /// The settings to keep beside it.
  package struct Settings: Sendable {
    /// A project file, without secrets.
    package var text: String
    /// Those that were left out because they hold secrets.
    package var omitted: [String]

    package init(text: String, omitted: [String]) {
      self.text = text
      self.omitted = omitted
    }
  }

  private let client: PostgresClient
  private let blobs: any BlobStore
  private let build: String

  /// Beyond so many lost contents the blob store is the wrong one.
  private static let missingLimit = 1000

  /// - Parameters:
  ///   - client: it has at least two connections.
  ///   - build: which build writes the backup.
  package init(client: PostgresClient, blobs: any BlobStore, build: String) {
    self.client = client
    self.blobs = blobs
    self.build = build
  }

  /// Writes the backup.
  ///
  /// - Parameter path: a folder that is empty, or not there yet.
  /// - Returns: what is in it.
  /// - Throws: why it is not finished; what is in the folder then is of no use.
  package func write(
    to path: String, settings: Settings, progress: @escaping (BackupProgress) -> Void = { _ in }
  ) async throws(BackupError) -> BackupManifest {
    let folder = BackupFolder(path: path)
    try await folder.make()
    let settingsFile = try await folder.write(settings.text, to: BackupFolder.settingsName)
    let manifest: BackupManifest
    do {
      manifest = try await client.withTransaction { guardian in
        // It does nothing for as long as content is copied.
        try await guardian.query("set local idle_in_transaction_session_timeout = 0")
        try await ContentLock.share(on: guardian)
        var manifest = try await client.withTransaction(isolation: .repeatableRead, isReadOnly: true) { snapshot in
          try await read(snapshot, into: folder, progress: progress)
        }
        var copy = ContentCopy(from: blobs, to: folder.content, progress: progress)
        try await copy.run(list: manifest.contentList, of: folder, missingLimit: Self.missingLimit)
        manifest.contentCount = copy.count
        manifest.contentSize = copy.size
        manifest.missingContent = copy.missing.map { "\($0.owner)/\($0.digest)" }.sorted()
        manifest.settings = settingsFile
        manifest.omittedSettings = settings.omitted
        return manifest
      }
    } catch { throw BackupError(error) }
    // Last, and only when the content was guarded to the end.
    try await folder.write(manifest.json.canonicalText, to: BackupFolder.manifestName)
    return manifest
  }

  /// Writes all tables as the transaction sees them.
  private func read(
    _ snapshot: PostgresTransaction, into folder: BackupFolder, progress: (BackupProgress) -> Void
  ) async throws -> BackupManifest {
    // Nobody migrates meanwhile. A lock sees nothing, so that the view begins after it.
    try await snapshot.query("lock table schema_migration in share mode")
    let takenAt = try await snapshot.now().rfc3339
    let migrations = try await LibrarySchema.migrations(on: snapshot)
    let schema = try await LibrarySchema.tables(on: snapshot)
    var tables: [BackupManifest.Table] = []
    for table in schema {
      progress(.table(table.name, number: tables.count + 1, of: schema.count))
      let (rows, file) = try await copy(
        "copy (select \(table.columnList) from \(identifier: table.name)) to stdout", from: snapshot, into: folder)
      tables.append(.init(name: table.name, columns: table.columns, rows: rows, file: file))
    }
    let (_, list) = try await copy(
      """
      copy (select distinct organisation, encode(blob, 'hex') from blob_reference order by 1, 2) to stdout
      """, from: snapshot, into: folder)
    return BackupManifest(
      build: build, takenAt: takenAt, migrations: migrations, tables: tables, contentList: list, contentCount: 0,
      contentSize: 0, missingContent: [], settings: list, omittedSettings: [])
  }

  private func copy(
    _ sql: SQL, from snapshot: PostgresTransaction, into folder: BackupFolder
  ) async throws -> (rows: Int, file: BackupManifest.File) {
    var rows = 0
    let blob = try await folder.data.write(for: BackupFolder.dataOwner) { writer in
      rows = try await snapshot.copyOut(sql) { try await writer.append($0) }
    }
    return (rows, BackupManifest.File(digest: blob.id.digest, size: blob.size))
  }
}
