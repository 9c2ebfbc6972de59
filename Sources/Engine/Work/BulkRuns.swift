internal import Synchronization

/// The runs of back-fill that hold permits in this process. When somebody waits for a permit, they make room at the end
/// of their windows.
final class BulkRuns: Sendable {
  private let signals = Mutex<[Int64: YieldSignal]>([:])

  func begin(_ claim: Claim, _ signal: YieldSignal) { signals.withLock { $0[claim.token] = signal } }

  func end(_ claim: Claim) { signals.withLock { _ = $0.removeValue(forKey: claim.token) } }

  /// Asks all of them to yield.
  func makeRoom() {
    for signal in signals.withLock({ Array($0.values) }) { signal.raise() }
  }
}
