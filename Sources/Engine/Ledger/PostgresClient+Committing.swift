package import PostgreSQL

extension PostgresClient {
  /// Runs a transaction whose body may be run again: when it loses against a concurrent one it is, a few times.
  ///
  /// - Throws: the error behind a failed begin, body or commit. A commit of unknown outcome shows as the loss of its
  ///   connection; the body must be able to tell whether it was done before.
  package nonisolated func committing<Value>(
    _ body: (PostgresTransaction) async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    do throws(PostgresTransactionError<PostgresError>) {
      return try await withTransaction(attempts: 5, body)
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw error
      case .body(let error, _, _): throw error
      }
    }
  }
}
