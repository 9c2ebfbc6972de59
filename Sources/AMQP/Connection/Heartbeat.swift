/// When to say something, and when silence means that the peer is gone.
struct Heartbeat {
  /// The longest silence that both sides agreed on; greater than zero.
  let interval: Duration
  private let halfInterval: Duration
  private let twoIntervals: Duration
  var lastSent: ContinuousClock.Instant
  var lastReceived: ContinuousClock.Instant

  init(interval: Duration, now: ContinuousClock.Instant) {
    self.interval = interval
    halfInterval = interval / 2
    twoIntervals = interval * 2
    lastSent = now
    lastReceived = now
  }

  func mustSend(at now: ContinuousClock.Instant) -> Bool { now >= lastSent + halfInterval }

  func isPeerGone(at now: ContinuousClock.Instant) -> Bool { now >= lastReceived + twoIntervals }

  /// When to look again.
  var next: ContinuousClock.Instant { min(lastSent + halfInterval, lastReceived + twoIntervals) }
}
