extension PostgresClient {
  /// Lends a connection to `body`, which runs where its caller does.
  ///
  /// - Throws: what `body` throws, or why there is no connection.
  package nonisolated func withConnection<Value>(
    _ body: (PostgresConnection) async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    let connection = try await acquire()
    let value: Value
    do throws(PostgresError) {
      value = try await body(connection)
    } catch {
      await release(connection)
      throw error
    }
    await release(connection)
    return value
  }

  /// Runs `body` in a transaction on a connection of its own, see
  /// ``PostgresConnection/withTransaction(isolation:isReadOnly:_:)``.
  ///
  /// - Parameter attempts: how often it is tried in all, if it loses against concurrent transactions (40001, 40P01);
  ///   then `body` is run again from its beginning and must have no other effects. At least 1.
  package nonisolated func withTransaction<Value, Failure: Error>(
    isolation: PostgresIsolation = .readCommitted, isReadOnly: Bool = false, attempts: Int = 1,
    _ body: (PostgresTransaction) async throws(Failure) -> Value
  ) async throws(PostgresTransactionError<Failure>) -> Value {
    var attempt = 1
    while true {
      do throws(PostgresTransactionError<Failure>) {
        return try await tryTransaction(isolation, isReadOnly: isReadOnly, body)
      } catch {
        guard error.isConflict, attempt < attempts, !Task.isCancelled else { throw error }
        // Chance parts those who collided; the bound doubles with each attempt.
        try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(5 << min(attempt, 7)))))
        attempt += 1
      }
    }
  }

  private nonisolated func tryTransaction<Value, Failure: Error>(
    _ isolation: PostgresIsolation, isReadOnly: Bool,
    _ body: (PostgresTransaction) async throws(Failure) -> Value
  ) async throws(PostgresTransactionError<Failure>) -> Value {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try await acquire()
    } catch {
      throw .begin(error)
    }
    let value: Value
    do throws(PostgresTransactionError<Failure>) {
      value = try await connection.withTransaction(isolation: isolation, isReadOnly: isReadOnly, body)
    } catch {
      await release(connection)
      throw error
    }
    await release(connection)
    return value
  }

  @discardableResult
  package nonisolated func query(_ sql: SQL, timeout: Duration? = nil) async throws(PostgresError) -> PostgresRows {
    try await withConnection { connection throws(PostgresError) in try await connection.query(sql, timeout: timeout) }
  }
}
