package import PostgreSQL

/// Why a search found nothing out.
package enum SearchError: Error, CustomStringConvertible {
  /// The query's vector is not one of the model's.
  case invalidVector(InvalidVector)
  case database(PostgresTransactionError<PostgresError>)

  package var description: String {
    switch self {
    case .invalidVector(let problem): "the query's vector: \(problem)"
    case .database(let error): "\(error)"
    }
  }
}
