internal import Observability
internal import Pipeline
internal import Synchronization

/// Which stages this worker takes at the moment: not those that somebody has paused, whose active definition it cannot
/// satisfy, or that need what is down. What is not taken stays in its queue.
final class StageGates: Sendable {
  private struct State {
    var paused: [StageName: String] = [:]
    var next = 0
    var watchers: [Int: (stage: StageName, action: @Sendable () -> Void)] = [:]
  }

  private let pipeline: PipelineGraph
  private let definitions: ActiveDefinitions
  private let circuits: Circuits
  private let state = Mutex(State())

  init(pipeline: PipelineGraph, definitions: ActiveDefinitions, circuits: Circuits) {
    self.pipeline = pipeline
    self.definitions = definitions
    self.circuits = circuits
  }

  /// Why a stage is not to be taken; nil if it is.
  func obstacle(to stage: StageName) -> String? {
    if let own = pipeline[stage]?.definition.digest, let active = definitions.current.active(stage, for: "*"),
      active != own
    {
      return "another definition is active; run `reelmill migrate` with this build to activate its own"
    }
    if let reason = state.withLock({ $0.paused[stage] }) { return "it is paused: \(reason)" }
    return circuits.obstacle(to: stage).map { "`\($0)` is down" }
  }

  /// Takes over who has paused what, and tells those whose stage is closed.
  func pause(_ paused: [StageName: String]) {
    state.withLock { $0.paused = paused }
    check()
  }

  /// Tells those whose stage is closed now.
  func check() {
    for watcher in state.withLock({ Array($0.watchers.values) }) where obstacle(to: watcher.stage) != nil {
      watcher.action()
    }
  }

  /// Runs the action while the stage is closed: at once if it is, and perhaps again.
  ///
  /// - Returns: what ``forget(_:)`` takes.
  func whenClosed(_ stage: StageName, _ action: @escaping @Sendable () -> Void) -> Int {
    let number = state.withLock { state in
      state.next += 1
      state.watchers[state.next] = (stage, action)
      return state.next
    }
    if obstacle(to: stage) != nil { action() }
    return number
  }

  func forget(_ number: Int) { state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
}
