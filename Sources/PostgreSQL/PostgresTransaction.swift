/// A transaction within its scope, see ``PostgresConnection/withTransaction(isolation:isReadOnly:_:)``.
package struct PostgresTransaction: PostgresQueryable {
  let connection: PostgresConnection
  let id: Work.ID

  @discardableResult
  package func query(_ sql: SQL, timeout: Duration? = nil) async throws(PostgresError) -> PostgresRows {
    try await connection.query(sql, in: id, timeout: timeout)
  }
}

/// How much a transaction sees of concurrent ones.
package enum PostgresIsolation: String, Sendable {
  case readCommitted = "read committed"
  case repeatableRead = "repeatable read"
  case serializable
}

/// What a connection knows of the transaction that is open on it.
struct OpenTransaction {
  let id: Work.ID
  /// Sent with the first statement, so that a transaction that does nothing costs nothing.
  let begin: String
  var hasBegun = false
  var beginFailure: PostgresError?
  /// The first error that the server reported: from then on it refuses everything but the end.
  var firstFailure: PostgresServerError?
}
