/// When to say something, and when silence means that the peer is gone.
struct Heartbeat {
  /// The longest silence that both sides agreed on; greater than zero.
  let interval: Duration
  var lastSent: ContinuousClock.Instant
  var lastReceived: ContinuousClock.Instant

  init(interval: Duration, now: ContinuousClock.Instant) {
    self.interval = interval
    lastSent = now
    lastReceived = now
  }

  func mustSend(at now: ContinuousClock.Instant) -> Bool { now >= lastSent + interval / 2 }

  func isPeerGone(at now: ContinuousClock.Instant) -> Bool { now >= lastReceived + interval * 2 }

  /// When to look again.
  var next: ContinuousClock.Instant { min(lastSent + interval / 2, lastReceived + interval * 2) }
}
