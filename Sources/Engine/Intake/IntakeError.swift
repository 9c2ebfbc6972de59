package import Pipeline
package import PostgreSQL

/// Why something was not taken in.
package enum IntakeError: Error, CustomStringConvertible {
  /// There is no such asset, or only its tombstone.
  case unknown(AssetID)
  /// The id stands for other content already.
  case conflict(AssetID)
  case database(PostgresError)

  package var description: String {
    switch self {
    case .unknown(let id): "there is no asset \(id), or it was removed"
    case .conflict(let id): "the asset \(id) exists with other content; use another id, or remove it first"
    case .database(let error): "\(error)"
    }
  }
}
