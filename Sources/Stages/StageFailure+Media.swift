package import Media
package import Pipeline

extension StageFailure {
  /// What follows for a stage from what went wrong with a file or a tool.
  package init(_ error: MediaError) {
    let (consequence, code): (Consequence, String) =
      switch error.reason {
      // Someone may be installing it; until then there is no hurry.
      case .toolMissing: (.unavailable(retryAfter: .seconds(60)), "tool.missing")
      case .unreadable: (.permanent, "media.unreadable")
      case .tooManyPixels: (.permanent, "media.too-many-pixels")
      case .tooLarge: (.permanent, "media.too-large")
      case .timedOut: (.transient(), "tool.timeout")
      case .killed: (.transient(), "tool.killed")
      case .cancelled: (.interrupted, "run.cancelled")
      case .storage: (.transient(), "storage.unreadable")
      }
    self.init(consequence, code: code, error.description, detail: error.detail)
  }
}

/// Does work with media; what goes wrong becomes the stage's failure.
func withMedia<Value>(_ work: () async throws(MediaError) -> Value) async throws(StageFailure) -> Value {
  do throws(MediaError) {
    return try await work()
  } catch {
    throw StageFailure(error)
  }
}
