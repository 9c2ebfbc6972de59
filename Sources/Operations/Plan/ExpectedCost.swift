package import JSON

/// What a number of runs is likely to cost.
package struct ExpectedCost: Sendable, Equatable {
  /// What a provider counts.
  package struct Unit: Sendable, Hashable {
    package let provider: String
    /// Such as `second`.
    package let name: String

    package init(provider: String, name: String) {
      self.provider = provider
      self.name = name
    }
  }

  /// Runs of all stages.
  package private(set) var runs = 0
  /// The time that the runs take one after the other, where it is known.
  package private(set) var time = Duration.zero
  /// Runs of stages that were never timed; they are not in `time`.
  package private(set) var untimedRuns = 0
  /// How much of each unit.
  package private(set) var units: [Unit: Double] = [:]

  package init() {}

  /// Adds so many runs of a stage.
  package mutating func add(_ count: Int, of cost: RunCost) {
    guard count > 0 else { return }
    runs += count
    if let time = cost.time { self.time += time * count } else { untimedRuns += count }
    for share in cost.shares {
      units[Unit(provider: share.provider, name: share.unit), default: 0] += share.units * Double(count)
    }
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    let sorted = units.sorted { ($0.key.provider, $0.key.name) < ($1.key.provider, $1.key.name) }
    return [
      "runs": .count(runs), "untimedRuns": .count(untimedRuns), "seconds": .seconds(time),
      "units": .array(
        sorted.map { unit, amount in
          ["provider": .string(unit.provider), "unit": .string(unit.name), "amount": .number(amount)]
        }),
    ]
  }
}
