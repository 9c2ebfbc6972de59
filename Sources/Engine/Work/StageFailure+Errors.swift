internal import Blobs
internal import Concurrency
package import Pipeline
package import PostgreSQL

// What follows from what goes wrong around a stage: one table a boundary. Stages have their own for media tools and
// providers.

extension StageFailure {
  /// The database. Outages are waited out before they come here.
  package init(_ error: PostgresError) {
    let (consequence, code): (Consequence, String) =
      switch error {
      case .cancelled, .closed: (.interrupted, "stage.interrupted")
      case _ where error.isOutage: (.unavailable(), "database.unavailable")
      case _ where error.consequence == .permanent: (.permanent, "database.refused")
      default: (.transient(), "database.failed")
      }
    self.init(consequence, code: code, "\(error)")
  }

  /// The blob store. A disk that is full, or a folder that we may not use, is no input's fault.
  package init(storing error: any Error) {
    switch error {
    case let failure as StageFailure: self = failure
    case let error as BlobError:
      let consequence: Consequence =
        switch error.kind {
        case .full, .permission: .unavailable(retryAfter: .seconds(10))
        case .busy: .deferred(for: .seconds(2))
        case .notFound, .corrupt: .permanent
        case .cancelled: .interrupted
        case .system: .transient()
        }
      self.init(consequence, code: error.kind == .cancelled ? "stage.interrupted" : "blobs.\(error.kind)", "\(error)")
    default: self.init(.unknown, code: "blobs.failed", "\(error)")
    }
  }

  /// Whatever a stage, its deadline or the wait for a permit threw.
  package init(running error: any Error, of stage: StageDeclaration) {
    switch error {
    case let failure as StageFailure: self = failure
    case is DeadlineExceeded:
      self = .transient("stage.deadline", "`\(stage.name)` did not end within \(stage.policy.deadline)")
    case let none as PermitPool.NoneFree:
      self.init(
        .deferred(for: .seconds(30)), code: "worker.busy", "no processor was free for \(none.waited); comes again soon")
    case is CancellationError: self = .stopping
    default: self.init(.unknown, code: "stage.failed", "\(error)")
    }
  }

  /// What a stage says while it is being cancelled is not its own fault.
  static let stopping = StageFailure(.interrupted, code: "stage.interrupted", "the worker is stopping")
}
