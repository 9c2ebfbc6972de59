internal import Pipeline
internal import Providers

extension StageFailure {
  /// What follows for a stage from what went wrong at a provider.
  init(_ failure: ProviderFailure) {
    let (consequence, code): (Consequence, String) =
      switch failure.consequence {
      case .transient(let retryAfter): (.transient(retryAfter: retryAfter), "provider.failed")
      case .unavailable(let retryAfter): (.unavailable(retryAfter: retryAfter), "provider.unavailable")
      case .permanent: (.permanent, "provider.refused")
      case .deferred(let retryAfter): (.deferred(for: retryAfter), "provider.limited")
      case .cancelled: (.interrupted, "run.cancelled")
      }
    self.init(consequence, code: code, failure.description, detail: failure.detail)
  }
}

extension StageContext {
  /// Asks a provider; what goes wrong there becomes the stage's failure.
  func ask<Answer: Sendable>(
    _ provider: String, units: Double, of unit: String, _ call: () async throws(ProviderFailure) -> Answer
  ) async throws(StageFailure) -> Answer {
    try await ask(provider, units: units, of: unit) { () throws(StageFailure) in
      do throws(ProviderFailure) { return try await call() } catch { throw StageFailure(error) }
    }
  }
}
