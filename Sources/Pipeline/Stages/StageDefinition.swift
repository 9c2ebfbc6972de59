package import Hashing
package import JSON

/// The half of a recipe that does not come from the asset: which stage, which version of it, configured how.
package struct StageDefinition: Sendable, Equatable {
  package let stage: StageName
  /// Raised when the code changes so that its results do.
  package let version: Int
  /// What changes the result and differs from the default; no secrets, URLs or timeouts.
  package let configuration: JSON
  /// Over all three.
  package let digest: SHA256Digest

  package init(stage: StageName, version: Int, configuration: JSON = [:]) {
    self.stage = stage
    self.version = version
    self.configuration = configuration
    digest = SHA256Digest(
      hashing: JSON.object([
        "stage": .string(stage.rawValue), "version": .integer(Int64(version)), "configuration": configuration,
      ]).canonicalBytes)
  }
}
