internal import Pipeline

/// A claim on its way through the engine, and the delivery that it came with.
final class StageRun: Sendable {
  let claim: Claim
  let stage: any Stage
  let declaration: StageDeclaration
  let taking: Taking

  /// - Parameter recipe: the one that the plan of `snapshot` wants.
  init(
    _ recipe: Recipe, of stage: any Stage, _ declaration: StageDeclaration, for snapshot: AssetSnapshot,
    _ taking: Taking
  ) {
    claim = Claim(
      asset: snapshot.asset.id, stage: declaration.name, writes: declaration.writes, recipe: recipe,
      lane: taking.lane)
    self.stage = stage
    self.declaration = declaration
    self.taking = taking
  }
}
