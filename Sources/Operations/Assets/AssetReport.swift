package import JSON
package import Pipeline
package import PostgreSQL

/// All that is known of one asset, at one moment of the database.
package struct AssetReport: Sendable, Equatable {
  /// Where one stage stands for the asset.
  package struct Stage: Sendable, Equatable {
    package let name: StageName
    package let condition: StageCondition
    /// Why, in words.
    package let explanation: String
    /// Its last run; nil if it never ran.
    package let run: RunRecord?

    /// For programs; what is not known is null.
    package var json: JSON {
      [
        "stage": .string(name.rawValue), "condition": .string(condition.rawValue),
        "explanation": .string(explanation), "run": run?.json ?? .null,
      ]
    }
  }

  /// The database's clock when it was asked.
  package let at: Timestamp
  package let asset: AssetCard
  /// What its content is: the value of the artifact `facts`; nil while nobody looked into it.
  package let facts: JSON?
  /// What people gave.
  package let given: [ArtifactRecord]
  /// What stages made.
  package let artifacts: [ArtifactRecord]
  package let pins: [PinRecord]
  /// Assets that are part of it and not deleted.
  package let childCount: Int
  /// In the order of the pipeline; empty for a draft and for a deleted asset.
  package let stages: [Stage]

  /// The share of the stages that apply where nothing more happens by itself, from 0 to 1; nil if no stage applies.
  package var progress: Double? {
    let applicable = stages.filter { $0.condition != .notApplicable }
    guard !applicable.isEmpty else { return nil }
    return Double(applicable.count { StageCondition.settled.contains($0.condition) }) / Double(applicable.count)
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "at": .time(at), "asset": asset.json, "facts": facts ?? .null, "given": .array(given.map(\.json)),
      "artifacts": .array(artifacts.map(\.json)), "pins": .array(pins.map(\.json)), "children": .count(childCount),
      "progress": .number(progress), "stages": .array(stages.map(\.json)),
    ]
  }
}
