internal import Blobs
internal import Pipeline
internal import PostgreSQL

extension StageFailure {
  /// A database error that is no outage: the statement itself was refused, or a race was lost.
  init(_ error: PostgresError) {
    if case .cancelled = error {
      self.init(.interrupted, code: "stage.interrupted", "\(error)")
      return
    }
    switch error.consequence {
    case .permanent: self = .permanent("database.refused", "\(error)")
    case .retry, .outcomeUnknown: self = .transient("database.failed", "\(error)")
    }
  }
}

extension StageFailure {
  /// The blob store failed: a full disk or a lost mount may go better later, a blob that is gone will not.
  init(storing error: any Error) {
    switch error {
    case let failure as StageFailure: self = failure
    case let error as BlobError where error.kind == .cancelled:
      self.init(.interrupted, code: "stage.interrupted", "\(error)")
    case let error as BlobError where !error.isTransient:
      self = .permanent("blobs.\(error.kind)", "\(error)")
    default: self = .transient("blobs.failed", "\(error)")
    }
  }
}
