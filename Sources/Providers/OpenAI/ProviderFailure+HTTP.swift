internal import HTTPClient
internal import HTTPFields

// What follows from what goes wrong on the way to a provider, and from what it says.

extension ProviderFailure {
  /// The longest rest that a provider's wish is good for.
  static let longestRest = Duration.seconds(3600)
  /// Where a provider has enough to do and does not say for how long.
  private static let usualRest = Duration.seconds(10)
  /// Where somebody must change something first.
  private static let untilMended = Duration.seconds(60)

  /// The request got no complete answer.
  init(_ error: HTTPClientError, provider: String) {
    let consequence: Consequence =
      switch error.kind {
      case .resolve, .connect, .tls: .unavailable()
      case .refusedAddress, .invalidRequest: .unavailable(retryAfter: Self.untilMended)
      case .timeout, .aborted, .protocolViolation, .file: .transient()
      case .tooLarge: .permanent
      case .cancelled: .cancelled
      }
    self.init(consequence, provider: provider, "\(error)")
  }

  /// The provider answered with a status that is none of success.
  ///
  /// - Parameter body: the beginning of what it said, without secrets.
  init(status: Int, headers: HTTPHeaders, body: String, provider: String) {
    let wish = headers.retryAfter(atMost: Self.longestRest).map { max($0, .seconds(1)) }
    let (consequence, advice): (Consequence, String) =
      switch status {
      case 429: (.deferred(retryAfter: wish ?? Self.usualRest), "it has enough to do")
      case 300..<400: (.unavailable(retryAfter: Self.untilMended), "redirects are not followed; set the right address")
      case 401, 402, 403:
        (.unavailable(retryAfter: wish ?? Self.untilMended), "check the key, and what its account may do")
      case 404, 405: (.unavailable(retryAfter: Self.untilMended), "check the address and the model")
      case 408, 409, 425: (.transient(retryAfter: wish), "it may go better later")
      case 502, 503, 504, 520..<530: (.unavailable(retryAfter: wish), "it is down at present")
      case 500...: (.transient(retryAfter: wish), "it failed at this request")
      default: (.permanent, "it does not take this request")
      }
    self.init(consequence, provider: provider, "answered with status \(status): \(advice)", detail: body)
  }
}
