internal import Concurrency

/// Whether a dependency may be asked: closed, open after failures, half-open for one probe once a pause is over.
///
/// A failure that says that the dependency is down opens it at once; others do so when several come in a row, for one of
/// them may be due to what was asked. Pure: it is told the time.
package struct Breaker: Sendable {
  package enum State: String, Sendable, CaseIterable {
    case closed
    case halfOpen = "half-open"
    case open
  }

  package enum Admission: Sendable, Equatable {
    case through
    /// The one call that finds out whether the dependency is back.
    case probe
    /// Not now; it makes no sense to come again earlier.
    case refused(for: Duration)
  }

  private enum Phase {
    case closed
    case open(until: ContinuousClock.Instant)
    case probing
  }

  /// Doubtful failures in a row that open it.
  package static let tolerance = 5
  /// How long those who come during a probe wait for its outcome.
  private static let probeTime = Duration.seconds(2)
  private static let backoff = Backoff(base: .seconds(1), cap: .seconds(60))

  private var phase = Phase.closed
  /// Doubtful failures since the last success.
  private var doubts = 0
  /// How often it has opened since the last success.
  private var openings = 0
  /// Not before: the dependency asked for it.
  private var heldUntil: ContinuousClock.Instant?

  package init() {}

  package func state(at now: ContinuousClock.Instant) -> State {
    switch phase {
    case .closed: .closed
    case .open(let until): now < until ? .open : .halfOpen
    case .probing: .halfOpen
    }
  }

  /// Asks for a call. Who gets through says what came of it.
  package mutating func admit(at now: ContinuousClock.Instant) -> Admission {
    if let heldUntil, now < heldUntil { return .refused(for: heldUntil - now) }
    heldUntil = nil
    switch phase {
    case .closed: return .through
    case .open(let until) where now < until: return .refused(for: until - now)
    case .open:
      phase = .probing
      return .probe
    case .probing: return .refused(for: Self.probeTime)
    }
  }

  /// The dependency answered, whatever it said.
  package mutating func succeed() {
    phase = .closed
    (doubts, openings) = (0, 0)
  }

  /// A call failed, perhaps because of what was asked.
  package mutating func doubt(_ admission: Admission, at now: ContinuousClock.Instant) {
    doubts += 1
    if doubts >= Self.tolerance || admission == .probe { open(admission, at: now, pause: nil) }
  }

  /// The dependency is down.
  ///
  /// - Parameter pause: how long it asked to be left alone, if it did.
  package mutating func fail(_ admission: Admission, at now: ContinuousClock.Instant, pause: Duration? = nil) {
    open(admission, at: now, pause: pause)
  }

  /// A call ended without saying anything about the dependency.
  package mutating func abandon(_ admission: Admission, at now: ContinuousClock.Instant) {
    if admission == .probe, case .probing = phase { phase = .open(until: now) }
  }

  /// The dependency works and asks for a rest.
  package mutating func hold(until instant: ContinuousClock.Instant) {
    heldUntil = max(heldUntil ?? instant, instant)
  }

  /// Calls that were on their way when it opened do not open it again.
  private mutating func open(_ admission: Admission, at now: ContinuousClock.Instant, pause: Duration?) {
    switch phase {
    case .closed: break
    case .probing where admission == .probe: break
    case .probing, .open: return
    }
    openings += 1
    phase = .open(until: now + (pause ?? Self.backoff.delay(attempt: openings)))
  }
}
