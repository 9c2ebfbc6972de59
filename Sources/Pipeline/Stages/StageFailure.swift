/// Why a stage did not deliver, typed by what follows from it.
package struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Consequence: Sendable, Equatable {
    /// May go better later: parked with backoff, or for as long as whoever refused has asked for.
    case transient(retryAfter: Duration? = nil)
    /// Nobody knows what it was: as transient, with fewer attempts.
    case unknown
    /// What is needed is down or set up wrongly, whatever the input: parked until it may be back, no attempt counted.
    case unavailable(retryAfter: Duration? = nil)
    /// Will never go better by itself: a dead letter.
    case permanent
    /// Not now, and nobody's fault (a budget, a rate limit): parked for that long, no attempt counted.
    case deferred(for: Duration)
    /// The process is stopping: given back, no attempt counted.
    case interrupted
  }

  package let consequence: Consequence
  /// A stable word for machines, such as `media.truncated`.
  package let code: String
  /// For people: what was expected, what came, what to do.
  package let message: String
  /// More for whoever investigates, such as the last lines of a program's standard error.
  package let detail: String?

  package init(_ consequence: Consequence, code: String, _ message: String, detail: String? = nil) {
    self.consequence = consequence
    self.code = code
    self.message = message
    self.detail = detail
  }

  package static func permanent(_ code: String, _ message: String, detail: String? = nil) -> StageFailure {
    StageFailure(.permanent, code: code, message, detail: detail)
  }

  package static func transient(
    _ code: String, _ message: String, retryAfter: Duration? = nil, detail: String? = nil
  ) -> StageFailure {
    StageFailure(.transient(retryAfter: retryAfter), code: code, message, detail: detail)
  }

  package static func unavailable(
    _ code: String, _ message: String, retryAfter: Duration? = nil, detail: String? = nil
  ) -> StageFailure {
    StageFailure(.unavailable(retryAfter: retryAfter), code: code, message, detail: detail)
  }

  package var description: String { "\(message) (\(code))" }
}
