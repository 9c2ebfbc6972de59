/// What happens to an embedded service after it was started.
package enum EmbeddedServiceEvent: Sendable, Equatable {
  /// It ended by itself and will be started again after `pause`. `logTail` is the end of what it wrote.
  case died(service: String, pause: Duration, logTail: String)
  /// It could not be started again; the next try comes after `pause`.
  case restartFailed(service: String, pause: Duration, reason: String)
  /// It answers again.
  case restarted(service: String)
}
