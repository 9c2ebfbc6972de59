package import Hashing

/// The active definition of each stage, by organisation.
package struct Definitions: Sendable, Equatable {
  private var everywhere: [StageName: SHA256Digest]
  private var overrides: [String: [StageName: SHA256Digest]]

  package init(
    everywhere: [StageName: SHA256Digest], overrides: [String: [StageName: SHA256Digest]] = [:]
  ) {
    self.everywhere = everywhere
    self.overrides = overrides
  }

  /// The digest of the stage's active definition; nil if no row says so.
  package func active(_ stage: StageName, for organisation: String) -> SHA256Digest? {
    overrides[organisation]?[stage] ?? everywhere[stage]
  }
}
