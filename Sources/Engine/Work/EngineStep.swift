package import Pipeline

/// The places between two effects. Tests end the process at each of them.
package enum EngineStep: String, Sendable, CaseIterable {
  /// The asset was read.
  case taken
  /// The run is ours.
  case claimed
  /// The costly recipe is ours to make.
  case leased
  /// A charge is booked; the provider was not asked yet.
  case charged
  /// A window is recorded.
  case windowed
  /// The work is done; nothing is recorded.
  case ran
  /// The record is committed; nobody was told.
  case recorded
  /// The broker has confirmed what follows; the delivery is not acknowledged.
  case announced
  /// Runs are marked as asked for by a replay; nobody was told. Told of the replay, not of a stage.
  case requested
  /// The broker has confirmed messages that still stand in the outbox, or that a replay still has before it. Told of
  /// these, not of a stage.
  case published
}

extension StageName {
  /// Stands for the outbox where steps are told.
  static let outbox = StageName("outbox")
  /// Stands for replays where steps are told.
  static let replay = StageName("replay")
}

/// Told of each step that is reached, and of which stage; nothing in production.
package typealias StepObserver = @Sendable (EngineStep, StageName) -> Void
