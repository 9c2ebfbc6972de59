/// What became of an item of a replay.
package enum ReplayOutcome: String, Sendable, CaseIterable {
  /// Its message was sent; nothing is recorded of what follows.
  case sent
  /// Its run was recorded.
  case succeeded
  /// Its run was given up on.
  case failed
  /// Nobody wanted its run any more before it began: an input changed, or the asset was removed.
  case dropped
  /// It was made meanwhile.
  case upToDate = "up-to-date"
  /// It was running, parked or asked for already.
  case underWay = "under-way"
  /// It was given up on for its present recipe, and the replay takes no such.
  case dead
  /// A person's own artifact stands in its place.
  case pinned
  /// There is no such asset any more, or nothing is known of the stage's inputs.
  case removed

  /// Those that were never asked for.
  package static let skipped: [ReplayOutcome] = [.upToDate, .underWay, .dead, .pinned, .removed]
}
