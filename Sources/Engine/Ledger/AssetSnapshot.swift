package import Pipeline

/// An asset as the database held it at one moment: what the planner needs, and what its stages see of it.
package struct AssetSnapshot: Sendable, Equatable {
  package let state: AssetState
  package let asset: StageAsset
  package let owner: String
  package let slug: String?
  package let title: String
  /// The labels that people gave.
  package let labels: [String]
}
