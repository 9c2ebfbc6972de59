/// A stage that is run under another policy than it declares: what changes how it runs, and not what it makes.
package struct ConfiguredStage: Stage {
  package let declaration: StageDeclaration
  private let stage: any Stage

  package init(_ stage: any Stage, policy: StagePolicy) {
    self.stage = stage
    declaration = stage.declaration.with(policy: policy)
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    try await stage.run(context)
  }

  package func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset] {
    stage.children(of: output, for: parent)
  }
}
