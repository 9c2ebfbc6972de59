internal import PostgreSQL

extension PostgresClient {
  /// Runs statements that all see the database as it is at one moment, and change nothing.
  nonisolated func reading<Value>(
    _ body: (PostgresTransaction) async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    do throws(PostgresTransactionError<PostgresError>) {
      return try await withTransaction(isolation: .repeatableRead, isReadOnly: true, body)
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw error
      case .body(let error, _, _): throw error
      }
    }
  }
}

extension PostgresQueryable {
  /// The database's clock.
  func now() async throws(PostgresError) -> Timestamp {
    try await query("select clock_timestamp() as now").one()["now", as: Timestamp.self]
  }
}

extension PostgresRow {
  /// A count, as `count(*)` gives it.
  func count(_ column: String) throws(PostgresError) -> Int { Int(try self[column, as: Int64.self]) }
}
