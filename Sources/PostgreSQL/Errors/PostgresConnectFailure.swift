/// Why a connection could not be made.
package struct PostgresConnectFailure: Error, Hashable, Sendable {
  /// Where to, without user and password.
  package let server: String
  /// What libpq or the server said.
  package let message: String
  /// The server's reason, if it got so far.
  package let sqlState: SQLState?

  /// What the failure means: credentials that are refused (class 28) and a database that is not there (3D000) stay so
  /// until somebody acts; everything else may pass.
  package var consequence: PostgresConsequence {
    guard let sqlState else { return .retry }
    return sqlState.isTransient ? .retry : .permanent
  }
}

extension PostgresConnectFailure: CustomStringConvertible {
  package var description: String { "cannot connect to PostgreSQL at \(server): \(message)" }
}
