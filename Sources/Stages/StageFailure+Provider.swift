package import Pipeline
package import Providers

extension StageFailure {
  /// What follows for a stage from what went wrong at a provider.
  package init(_ failure: ProviderFailure) {
    let (consequence, code): (Consequence, String) =
      switch failure.consequence {
      case .transient(let retryAfter): (.transient(retryAfter: retryAfter), "provider.unavailable")
      case .permanent: (.permanent, "provider.refused")
      case .deferred(let retryAfter): (.deferred(for: retryAfter), "provider.limited")
      case .cancelled: (.interrupted, "run.cancelled")
      }
    self.init(consequence, code: code, failure.description, detail: failure.detail)
  }
}

/// Asks a provider; what goes wrong becomes the stage's failure.
func withProvider<Value>(_ work: () async throws(ProviderFailure) -> Value) async throws(StageFailure) -> Value {
  do throws(ProviderFailure) {
    return try await work()
  } catch {
    throw StageFailure(error)
  }
}
