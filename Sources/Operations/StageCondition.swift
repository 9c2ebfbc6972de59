package import Pipeline

/// The word for what the planner says of a stage.
package enum StageCondition: String, Sendable, CaseIterable {
  /// It has nothing to do for the asset.
  case notApplicable = "not-applicable"
  /// What it reads is still to come.
  case waiting
  /// What it needs will not come by itself.
  case blocked
  /// Its artifact is what it would make, or a person pinned one.
  case upToDate = "up-to-date"
  /// Its inputs changed and it can run now, or it never ran.
  case stale
  /// Only its definition changed.
  case outdated
  case running
  /// Waiting in the database for its time.
  case parked
  /// Given up.
  case dead

  /// The word for a status.
  package init(_ status: StageStatus) {
    self =
      switch status {
      case .notApplicable: .notApplicable
      case .waiting: .waiting
      case .blocked: .blocked
      case .upToDate: .upToDate
      case .ready: .stale
      case .outdated: .outdated
      case .running: .running
      case .parked: .parked
      case .dead: .dead
      }
  }

  /// A run is still to come, without anybody asking for it.
  package static let toCome: Set<StageCondition> = [.waiting, .stale, .running, .parked]

  /// Nothing more happens by itself.
  package static let settled: Set<StageCondition> = [.blocked, .upToDate, .outdated, .dead]
}
