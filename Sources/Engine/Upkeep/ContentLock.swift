package import PostgreSQL

/// Keeps content from being collected: a backup copies it for longer than its view of the database lasts.
package enum ContentLock {
  /// Waits for a collector to come to the end of what it is deleting; then none deletes until the transaction ends.
  package static func share(on transaction: PostgresTransaction) async throws(PostgresError) {
    try await transaction.query("select pg_advisory_xact_lock_shared(\(key))")
  }

  /// Takes the lock to delete, until the transaction ends.
  ///
  /// - Returns: false if somebody needs all content to stay, or another process deletes.
  static func tryTake(on transaction: PostgresTransaction) async throws(PostgresError) -> Bool {
    try await transaction.query("select pg_try_advisory_xact_lock(\(key)) as ours").one()["ours", as: Bool.self]
  }

  /// One for each library of a database.
  private static let key: SQL = "hashtextextended(current_schema() || '.content', 0)"
}
