package import PostgreSQL

/// Why the database could not be brought to this build's schema.
package enum MigrationError: Error, CustomStringConvertible {
  /// The extension pgvector is not there, or this role may not create it.
  case noVector(PostgresError)
  /// A migration that was applied reads differently in this build.
  case changed(String)
  /// A newer build has migrated further.
  case newer(String)
  case database(PostgresError)

  package var description: String {
    switch self {
    case .noVector(let error):
      """
      the database has no extension `vector` (pgvector 0.8 or later) and it could not be created: \(error). \
      Install it (Debian: postgresql-<version>-pgvector), then run `create extension vector` as a superuser
      """
    case .changed(let name):
      "the migration `\(name)` was applied in another wording; this build does not belong to this database"
    case .newer(let name):
      "the database has the migration `\(name)`, which this build does not know; use the newer build"
    case .database(let error): "\(error)"
    }
  }
}
