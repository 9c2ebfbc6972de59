internal import Synchronization

/// Tells a run of long work to stop after the window at hand.
final class YieldSignal: Sendable {
  private let raised = Atomic<Bool>(false)
  private let deadline: ContinuousClock.Instant

  /// After so much work a run lets others have a turn, so that no delivery nears the broker's timeout.
  static let longestTurn = Duration.seconds(600)

  init(longestTurn: Duration = YieldSignal.longestTurn) { deadline = .now + longestTurn }

  var isRaised: Bool { raised.load(ordering: .relaxed) || ContinuousClock.now >= deadline }

  func raise() { raised.store(true, ordering: .relaxed) }
}
