package import Blobs
package import Engine
package import PostgreSQL

/// Why a library could not be backed up or restored.
package enum BackupError: Error, CustomStringConvertible {
  /// A backup is written into a folder of its own.
  case folderNotEmpty(String)
  /// There is no manifest in the folder.
  case noBackup(String)
  /// A build to come wrote it.
  case unknownFormat(Int64)
  /// A file of the backup is not what the manifest says; the problem.
  case damaged(String, String)
  /// The database was further than this build, by that migration.
  case newerSchema(migration: String, build: String)
  /// That migration reads differently in this build.
  case otherSchema(migration: String)
  /// The database to restore into has a schema, and another one than the backup.
  case databaseHasOtherSchema(missing: [String], surplus: [String])
  /// The database to restore into has rows in that table.
  case databaseNotEmpty(table: String)
  /// Processes work on the database to restore into.
  case workersLive(Int)
  /// More content is gone than can be an accident.
  case contentMissing(count: Int, example: String)
  case migration(MigrationError)
  case database(PostgresError)
  case content(BlobError)
  /// A file or folder; what the system says.
  case file(String, String)
  case cancelled

  package var description: String {
    switch self {
    case .folderNotEmpty(let path): "\(path) is not empty: name a folder that is, or that is not there yet"
    case .noBackup(let path): "there is no manifest.json in \(path): it is no backup, or one that was not finished"
    case .unknownFormat(let format):
      "the backup has the format \(format), this build reads \(BackupManifest.format): use the build that wrote it"
    case .damaged(let file, let problem): "the backup is damaged: \(file): \(problem)"
    case .newerSchema(let migration, let build):
      """
      the backup has the migration `\(migration)`, which this build does not know: restore it with \(build), which \
      wrote it, or a newer build
      """
    case .otherSchema(let migration):
      "the backup has the migration `\(migration)` in another wording; this build does not belong to it"
    case .databaseHasOtherSchema(let missing, let surplus):
      "the database has not the backup's schema"
        + (missing.isEmpty ? "" : "; it lacks \(missing.joined(separator: ", "))")
        + (surplus.isEmpty ? "" : "; it has \(surplus.joined(separator: ", ")) beside it")
        + ". Restore into a database without any schema: it is migrated as far as the backup's was"
    case .databaseNotEmpty(let table):
      "the database has rows in `\(table)`: a backup is restored into an empty one, nothing is overwritten"
    case .workersLive(let count): "\(count) workers are at work on the database: stop them first"
    case .contentMissing(let count, let example):
      "\(count) contents are not there, such as \(example): is it the right folder?"
    case .migration(let error): "\(error)"
    case .database(let error): "\(error)"
    case .content(let error): "\(error)"
    case .file(let path, let problem): "\(path): \(problem)"
    case .cancelled: "cancelled"
    }
  }

  /// Whatever was thrown on the way.
  init(_ error: any Error) {
    switch error {
    case let error as BackupError: self = error
    case let error as PostgresError: self = .database(error)
    case let error as BlobError: self = .content(error)
    case let error as MigrationError: self = .migration(error)
    case let error as PostgresTransactionError<any Error>:
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): self = .database(error)
      case .body(let error, _, _): self = BackupError(error)
      }
    case is CancellationError: self = .cancelled
    default: self = .file("the backup", "\(error)")
    }
  }
}
