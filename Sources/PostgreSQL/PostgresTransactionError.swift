/// Why a transaction did not come to its end, and where.
package enum PostgresTransactionError<BodyFailure: Error>: Error {
  /// It did not begin: no connection, or `BEGIN` failed. Nothing was done.
  case begin(PostgresError)
  /// The body threw, and the transaction was rolled back. `rollback` says if that failed as well; the connection is
  /// closed then, which rolls back too. `conflict` is the serialisation failure or deadlock that was the cause.
  case body(BodyFailure, conflict: PostgresServerError?, rollback: PostgresError?)
  /// `COMMIT` failed, and everything was rolled back.
  case commit(PostgresError)
  /// The connection was lost, or silent, during `COMMIT`: whether the transaction was done must be found out.
  case commitOutcomeUnknown(PostgresError)

  /// What the error means for whoever asked; nil if the body failed for a reason of its own.
  package var consequence: PostgresConsequence? {
    switch self {
    case .begin(let error), .commit(let error): error.consequence
    case .body(_, _?, _): .retry
    case .body(let error, nil, _): (error as? PostgresError)?.consequence
    case .commitOutcomeUnknown: .outcomeUnknown
    }
  }

  /// Whether the transaction lost against a concurrent one, so that doing all of it again is the cure.
  package var isConflict: Bool {
    switch self {
    case .body(_, let conflict, _): conflict != nil
    case .commit(let error): error.serverError?.sqlState.isTransactionConflict ?? false
    case .begin, .commitOutcomeUnknown: false
    }
  }
}

extension PostgresTransactionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .begin(let error): "the transaction did not begin: \(error)"
    case .body(let error, _, nil): "the transaction was rolled back: \(error)"
    case .body(let error, _, let rollback?): "the transaction failed: \(error); so did its rollback: \(rollback)"
    case .commit(let error): "the transaction could not be committed: \(error)"
    case .commitOutcomeUnknown(let error): "it is not known whether the transaction was committed: \(error)"
    }
  }
}
