/// Growing pauses between tries, scattered so that those who failed together do not come back together.
package struct Backoff: Sendable, Equatable {
  /// The bound of the first pause.
  package let base: Duration
  /// The bound of all pauses.
  package let cap: Duration

  package init(base: Duration, cap: Duration) {
    precondition(base > .zero && cap >= base)
    self.base = base
    self.cap = cap
  }

  /// The pause after `attempt` failures, from 1: between half of the bound and the bound, which doubles each time.
  package func delay(attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
    let bound = bound(attempt: attempt)
    return bound / 2 + bound / 2 * Double.random(in: 0...1, using: &generator)
  }

  /// The pause after `attempt` failures, from 1.
  package func delay(attempt: Int) -> Duration {
    var generator = SystemRandomNumberGenerator()
    return delay(attempt: attempt, using: &generator)
  }

  private func bound(attempt: Int) -> Duration {
    var bound = base
    for _ in 1..<max(attempt, 1) where bound < cap { bound *= 2 }
    return min(bound, cap)
  }
}
