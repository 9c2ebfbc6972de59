internal import Observability

/// What one stage counts. Its metrics are looked up once, so that counting costs a run some additions and no string.
struct StageMetrics: Sendable {
  /// How a run ended.
  enum Outcome: Int, CaseIterable {
    case finished, adopted, continued, parked, awaiting, dead, returned

    /// The value of the label `outcome`.
    var label: String { "\(self)" }

    init(_ ending: Conclusion.Ending) {
      self =
        switch ending {
        case .finished(_, adopted: false): .finished
        case .finished(_, adopted: true): .adopted
        case .continued: .continued
        case .parked: .parked
        case .awaiting: .awaiting
        case .dead: .dead
        case .returned: .returned
        }
    }
  }

  let attempts: Counter
  let cacheHits: Counter
  let cacheMisses: Counter
  let leasesLost: Counter
  /// By outcome, in the order of its cases.
  let durations: [Histogram]

  /// Records how a run ended and how long it took.
  func record(_ conclusion: Conclusion) {
    durations[Outcome(conclusion.ending).rawValue].record(conclusion.duration)
  }
}
