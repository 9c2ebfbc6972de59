/// What statements can be sent to: a connection, a transaction, or a client that picks a connection.
package protocol PostgresQueryable: Sendable {
  /// Executes a statement and returns its rows, all at once.
  ///
  /// - Parameter timeout: the time it may take, waiting for earlier ones included; nil for the configured one.
  /// - Throws: any ``PostgresError``. A statement that is stopped, by its time or with its task, is cancelled on the
  ///   server, in its turn if others of the same connection are before it; one that was done nevertheless returns its
  ///   rows.
  @discardableResult
  func query(_ sql: SQL, timeout: Duration?) async throws(PostgresError) -> PostgresRows
}

extension PostgresQueryable {
  /// Executes a statement within the configured time.
  @discardableResult
  package func query(_ sql: SQL) async throws(PostgresError) -> PostgresRows {
    try await query(sql, timeout: nil)
  }

  /// Executes a statement and reads its rows as these types: `query("…", as: (Int64, String).self)`.
  package func query<each Value: PostgresValue>(
    _ sql: SQL, as types: (repeat each Value).Type, timeout: Duration? = nil
  ) async throws(PostgresError) -> [(repeat each Value)] {
    try await query(sql, timeout: timeout).decode(types)
  }
}
