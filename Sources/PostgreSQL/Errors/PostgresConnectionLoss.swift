/// How a connection ended.
package struct PostgresConnectionLoss: Error, Hashable, Sendable {
  /// What libpq said.
  package let message: String
  /// What the server said before it closed, such as 57P01 for a shutdown.
  package let serverError: PostgresServerError?
  /// Whether the statement had been sent, so that it may have been done.
  package let wasSent: Bool
}

extension PostgresConnectionLoss: CustomStringConvertible {
  package var description: String {
    let reason = serverError?.description ?? message
    return "the database connection was lost \(wasSent ? "while the statement ran" : "before the statement was sent"): "
      + reason
  }
}
