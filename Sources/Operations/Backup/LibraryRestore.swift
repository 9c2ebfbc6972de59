package import Blobs
internal import DatabaseSchema
internal import Engine
internal import Hashing
internal import Pipeline
package import PostgreSQL

/// Brings a library back from a backup, into a database that holds nothing.
///
/// The files are compared with the manifest first, then content is copied, and last the rows are written in one
/// transaction: what is given up on the way has left no row, and can be begun again.
package struct LibraryRestore: Sendable {
  private let client: PostgresClient
  private let blobs: any BlobStore

  /// So many lost contents are looked for before it is given up; one is enough to restore nothing.
  private static let lostLimit = 100

  /// What a library has before anything was handed in. These rows make way for the backup's.
  private static let housekeeping: Set = [
    "circuit", "definition", "provider_call", "provider_gate", "stage_pause", "worker",
  ]

  package init(client: PostgresClient, blobs: any BlobStore) {
    self.client = client
    self.blobs = blobs
  }

  /// Restores a backup.
  ///
  /// - Returns: what was in it.
  /// - Throws: why nothing was restored.
  package func restore(
    from path: String, progress: @escaping (BackupProgress) -> Void = { _ in }
  ) async throws(BackupError) -> BackupManifest {
    let folder = BackupFolder(path: path)
    let manifest = try await folder.manifest()
    do {
      let migrations = try Self.migrations(of: manifest)
      try await check(manifest, in: folder, progress: progress)
      try await checkDatabase(manifest)
      try await copyContent(manifest, from: folder, progress: progress)
      _ = try await Migrator(client: client).migrate(migrations, definitions: [])
      try await client.withTransaction { transaction in
        try await load(manifest, from: folder, on: transaction, progress: progress)
      }
      for table in manifest.tables { try await client.query("analyze \(identifier: table.name)") }
    } catch { throw BackupError(error) }
    return manifest
  }

  /// The migrations that the backup's database had.
  private static func migrations(of manifest: BackupManifest) throws(BackupError) -> [DatabaseSchema.Migration] {
    var migrations: [DatabaseSchema.Migration] = []
    for recorded in manifest.migrations {
      guard let known = DatabaseSchema.migrations.first(where: { $0.name == recorded.name }) else {
        throw .newerSchema(migration: recorded.name, build: manifest.build)
      }
      guard SHA256Digest(hashing: known.sql) == recorded.checksum else {
        throw .otherSchema(migration: recorded.name)
      }
      migrations.append(known)
    }
    return migrations
  }

  // MARK: Looking before anything is done

  /// Compares all files but content, which is compared as it is copied, with the manifest.
  private func check(
    _ manifest: BackupManifest, in folder: BackupFolder, progress: (BackupProgress) -> Void
  ) async throws(BackupError) {
    let files = manifest.tables.map { ($0.file, "the rows of `\($0.name)`") } + [(manifest.contentList, "contents")]
    for (index, (file, what)) in files.enumerated() {
      progress(.checking(index + 1, of: files.count))
      do throws(BlobError) {
        guard let blob = try await folder.data.find(file.id) else {
          throw BlobError(.notFound, path: "data", detail: "it is not there")
        }
        guard blob.size == file.size else {
          throw BlobError(.corrupt, path: "data", detail: "it has \(blob.size) bytes, expected \(file.size)")
        }
        try await folder.data.verify(file.id)
      } catch {
        guard error.kind == .corrupt || error.kind == .notFound else { throw .content(error) }
        throw .damaged("\(what) (\(file.digest))", error.detail)
      }
    }
    let settings = try await folder.read(BackupFolder.settingsName) ?? []
    guard SHA256Digest(hashing: settings) == manifest.settings.digest else {
      throw .damaged(BackupFolder.settingsName, "its digest is not that of the manifest")
    }
  }

  private func checkDatabase(_ manifest: BackupManifest) async throws {
    let stands = try await client.query("select to_regclass('schema_migration') is not null as stands").one()
    guard try stands["stands", as: Bool.self] else { return }
    let present = Set(try await LibrarySchema.migrations(on: client).map(\.name))
    let wanted = Set(manifest.migrations.map(\.name))
    guard present == wanted else {
      throw BackupError.databaseHasOtherSchema(
        missing: wanted.subtracting(present).sorted(), surplus: present.subtracting(wanted).sorted())
    }
    try await checkEmptiness(on: client)
    let workers = try await client.query("select count(*) as n from worker where lease_until > now()").one().count("n")
    guard workers == 0 else { throw BackupError.workersLive(workers) }
  }

  private func checkEmptiness(on connection: some PostgresQueryable) async throws {
    for table in try await LibrarySchema.tables(on: connection) where !Self.housekeeping.contains(table.name) {
      let rows = try await connection.query("select from \(identifier: table.name) limit 1")
      guard rows.isEmpty else { throw BackupError.databaseNotEmpty(table: table.name) }
    }
  }

  // MARK: Doing it

  private func copyContent(
    _ manifest: BackupManifest, from folder: BackupFolder, progress: @escaping (BackupProgress) -> Void
  ) async throws {
    var copy = ContentCopy(from: folder.content, to: blobs, progress: progress)
    try await copy.run(
      list: manifest.contentList, of: folder, missingLimit: manifest.missingContent.count + Self.lostLimit)
    let missing = Set(copy.missing.map { "\($0.owner)/\($0.digest)" })
    if let lost = missing.subtracting(manifest.missingContent).min() {
      throw BackupError.damaged("content/\(lost)", "it is not there")
    }
  }

  private func load(
    _ manifest: BackupManifest, from folder: BackupFolder, on transaction: PostgresTransaction,
    progress: (BackupProgress) -> Void
  ) async throws {
    try await transaction.query("lock table schema_migration in exclusive mode")
    try await checkEmptiness(on: transaction)
    for table in Self.housekeeping.sorted() { try await transaction.query("delete from \(identifier: table)") }
    // What triggers would write is in the backup.
    let triggered = try await LibrarySchema.tablesWithTriggers(on: transaction)
    for table in triggered { try await transaction.query("alter table \(identifier: table) disable trigger user") }
    for (index, table) in manifest.tables.enumerated() {
      progress(.table(table.name, number: index + 1, of: manifest.tables.count))
      let columns = SQL.list(ofColumns: table.columns)
      let rows = try await transaction.copyBytes("copy \(identifier: table.name) (\(columns)) from stdin") { writer in
        try await folder.data.read(table.file.id) { try await writer.write($0) }
      }
      guard rows == table.rows else {
        throw BackupError.damaged("the rows of `\(table.name)`", "expected \(table.rows) rows, there are \(rows)")
      }
    }
    try await transaction.query("set constraints all immediate")
    for table in triggered { try await transaction.query("alter table \(identifier: table) enable trigger user") }
    try await LibrarySchema.advanceIdentities(on: transaction)
  }
}

extension BackupManifest.File {
  /// Where a file of tables or contents is.
  var id: BlobID { BlobID(owner: BackupFolder.dataOwner, digest: digest) }
}
