package import Pipeline

/// The word for what the planner says of a stage.
package enum StageCondition: String, Sendable, CaseIterable {
  case notApplicable = "not-applicable"
  case waiting
  case blocked
  case upToDate = "up-to-date"
  /// Its inputs changed and it can run now, or it never ran.
  case stale
  /// Only its definition changed.
  case outdated
  case running
  case parked
  case dead

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

  /// Whether a run is still to come without anybody asking for it.
  package static let toCome: Set<StageCondition> = [.waiting, .stale, .running, .parked]

  /// Whether nothing more happens by itself.
  package static let settled: Set<StageCondition> = [.blocked, .upToDate, .outdated, .dead]
}
