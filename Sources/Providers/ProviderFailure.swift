/// Why a provider did not deliver, typed by what follows from it.
package struct ProviderFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Consequence: Sendable, Equatable {
    /// May go better later: a timeout, a server error, a program that was killed.
    case transient(retryAfter: Duration? = nil)
    /// The provider is down or set up wrongly (no connection, a refused key, a missing program), whatever was asked.
    case unavailable(retryAfter: Duration? = nil)
    /// Will never go better with the same input: refused, or not what was agreed.
    case permanent
    /// Not now, and nobody's fault: a rate limit, a budget.
    case deferred(retryAfter: Duration)
    /// The task that asked was cancelled.
    case cancelled
  }

  package let consequence: Consequence
  /// The provider's name.
  package let provider: String
  /// What was expected, what came, what to do.
  package let message: String
  /// More for whoever investigates, such as the body of an answer.
  package let detail: String?

  package init(_ consequence: Consequence, provider: String, _ message: String, detail: String? = nil) {
    self.consequence = consequence
    self.provider = provider
    self.message = message
    self.detail = detail
  }

  package var description: String { "\(provider): \(message)" }
}
