package import JSON
package import Pipeline

/// What the planner says of the whole library, stage by stage.
package struct LibraryPlan: Sendable, Equatable {
  /// Which part of the library; all of it if nothing is said.
  package struct Filter: Sendable, Equatable {
    package var stage: StageName?
    package var organisation: String?

    package init(stage: StageName? = nil, organisation: String? = nil) {
      self.stage = stage
      self.organisation = organisation
    }
  }

  /// One stage over all assets.
  package struct Stage: Sendable, Equatable {
    package let name: StageName
    /// How many assets have the stage in each condition.
    package var counts: [StageCondition: Int]
    /// What one run of it costs.
    package let cost: RunCost

    /// How many assets have it in one of the conditions.
    package func count(_ conditions: Set<StageCondition>) -> Int {
      conditions.reduce(0) { $0 + counts[$1, default: 0] }
    }
  }

  /// In the order of the pipeline.
  package internal(set) var stages: [Stage]
  /// How many active assets were looked at; drafts and deleted ones plan to nothing.
  package internal(set) var assets = 0

  /// What it is likely to cost to run the stages that are in one of the conditions.
  package func expectedCost(of conditions: Set<StageCondition>) -> ExpectedCost {
    stages.reduce(into: ExpectedCost()) { $0.add($1.count(conditions), of: $1.cost) }
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "assets": .count(assets), "stages": .array(stages.map(\.json)),
      "expected": [
        "toCome": expectedCost(of: StageCondition.toCome).json, "outdated": expectedCost(of: [.outdated]).json,
      ],
    ]
  }
}

extension LibraryPlan.Stage {
  fileprivate var json: JSON {
    let counts = StageCondition.allCases.map { ($0.rawValue, JSON.count(self.counts[$0, default: 0])) }
    return [
      "stage": .string(name.rawValue), "assets": .object(Dictionary(uniqueKeysWithValues: counts)),
      "secondsPerRun": .seconds(cost.time),
    ]
  }
}
