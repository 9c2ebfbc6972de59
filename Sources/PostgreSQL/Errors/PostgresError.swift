/// Why something asked of PostgreSQL was not done.
package enum PostgresError: Error, Sendable {
  /// The settings cannot be right, whatever the server says.
  case invalidConfiguration(String)
  /// No connection could be made.
  case connectFailed(PostgresConnectFailure)
  /// The connection ended while the statement waited or ran.
  case connectionLost(PostgresConnectionLoss)
  /// The connection or the client was closed by its owner.
  case closed
  /// The server refused a statement.
  case server(PostgresServerError)
  /// The statement's time was up. If it was running it was cancelled on the server; `isOutcomeKnown` is false if the
  /// server did not even answer to that, and the connection was given up.
  case timeout(after: Duration, isOutcomeKnown: Bool)
  /// The task was cancelled, and the statement on the server with it.
  case cancelled
  /// No connection of the client became free in time.
  case noConnectionFree(after: Duration, lastFailure: PostgresConnectFailure?)
  /// A result is not what was asked for.
  case unexpectedResult(PostgresUnexpectedResult)
  /// The statement cannot be sent as it is.
  case invalidStatement(String)

  /// What the error means for whoever asked.
  package var consequence: PostgresConsequence {
    switch self {
    case .invalidConfiguration, .unexpectedResult, .invalidStatement: .permanent
    case .connectFailed(let failure): failure.consequence
    case .connectionLost, .closed, .cancelled, .noConnectionFree: .retry
    case .server(let error): error.consequence
    case .timeout(_, let isOutcomeKnown): isOutcomeKnown ? .retry : .outcomeUnknown
    }
  }

  /// What the server said, if it said something.
  package var serverError: PostgresServerError? {
    switch self {
    case .server(let error): error
    case .connectionLost(let loss): loss.serverError
    default: nil
    }
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidConfiguration(let what): "database settings: \(what)"
    case .connectFailed(let failure): failure.description
    case .connectionLost(let loss): loss.description
    case .closed: "the database connection was closed by its owner"
    case .server(let error): error.description
    case .timeout(let limit, true): "the statement did not end within \(limit) and was cancelled"
    case .timeout(let limit, false):
      "the statement did not end within \(limit), nor did the server answer to its cancellation; it may have been done"
    case .cancelled: "the statement was cancelled with its task"
    case .noConnectionFree(let limit, let failure?):
      "no database connection within \(limit); the last attempt: \(failure)"
    case .noConnectionFree(let limit, nil):
      "no database connection became free within \(limit): raise the number of connections or hold them shorter"
    case .unexpectedResult(let what): what.description
    case .invalidStatement(let what): "the statement cannot be sent: \(what)"
    }
  }
}
