extension PostgresError {
  /// Whether the database could not be reached or could not serve anybody; conflicts between transactions are none.
  package var isOutage: Bool {
    switch self {
    case .connectFailed(let failure): failure.consequence == .retry
    case .connectionLost, .noConnectionFree: true
    case .server(let error): error.sqlState.isTransient && !error.sqlState.isTransactionConflict
    // It did not even answer to the cancellation, and the connection was given up.
    case .timeout(_, let isOutcomeKnown): !isOutcomeKnown
    case .cancelled, .closed, .invalidConfiguration, .unexpectedResult, .invalidStatement: false
    }
  }
}
