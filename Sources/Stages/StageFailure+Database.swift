internal import Pipeline
internal import PostgreSQL

extension StageFailure {
  /// What follows for a stage from what went wrong with a database work of its own. All of it may be done again.
  init(_ error: PostgresError) {
    let (consequence, code): (Consequence, String) =
      switch error {
      case .cancelled, .closed: (.interrupted, "run.cancelled")
      case _ where error.isOutage: (.unavailable(), "database.unavailable")
      case _ where error.consequence == .permanent: (.permanent, "database.refused")
      default: (.transient(), "database.failed")
      }
    self.init(consequence, code: code, error.description)
  }
}
