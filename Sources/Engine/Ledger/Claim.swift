package import Pipeline

/// The wish to run one recipe of a stage for an asset.
package struct Claim: Sendable, Equatable {
  package let asset: AssetID
  package let stage: StageName
  /// The artifact that the stage writes.
  package let writes: ArtifactKind
  package let recipe: Recipe
  package let lane: Lane
  /// Random; whoever holds it may record, and nobody else.
  package let token: Int64

  package init(
    asset: AssetID, stage: StageName, writes: ArtifactKind, recipe: Recipe, lane: Lane,
    token: Int64 = .random(in: 1 ... .max)
  ) {
    self.asset = asset
    self.stage = stage
    self.writes = writes
    self.recipe = recipe
    self.lane = lane
    self.token = token
  }
}

/// A claim, and the artifacts that its run works from.
struct ClaimWish: Sendable {
  let claim: Claim
  let reads: [ArtifactKind]
}

/// What came of a claim.
package enum ClaimOutcome: Sendable, Equatable {
  /// It is ours. `attempts` counts this start; `crashes` counts workers that died of this recipe. `stored` is what it
  /// works from, as the database held it once the run was ours.
  case won(attempts: Int, crashes: Int, stored: [ArtifactKind: StageInput])
  /// Somebody alive has it, or it was done, parked or given up meanwhile.
  case held
}
