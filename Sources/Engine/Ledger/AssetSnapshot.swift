package import Pipeline

/// An asset as the database held it at one moment: what the planner needs, and what its stages see of it.
package final class AssetSnapshot: Sendable {
  package let state: AssetState
  package let asset: StageAsset
  package let owner: String
  package let slug: String?
  package let title: String
  /// The labels that people gave.
  package let labels: [String]

  init(state: AssetState, asset: StageAsset, owner: String, slug: String?, title: String, labels: [String]) {
    self.state = state
    self.asset = asset
    self.owner = owner
    self.slug = slug
    self.title = title
    self.labels = labels
  }
}
