/// A message of the server that is no error: a notice or a warning.
package struct PostgresNotice: Hashable, Sendable {
  /// `NOTICE`, `WARNING`, `INFO`, …
  package let severity: String
  package let sqlState: SQLState
  package let message: String
}
