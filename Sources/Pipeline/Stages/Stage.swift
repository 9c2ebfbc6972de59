/// One step of the pipeline: reads artifacts of an asset and writes one.
///
/// To add one, write one file with a type that conforms to this, and one line in the pipeline.
package protocol Stage: Sendable {
  var declaration: StageDeclaration { get }

  /// Does the work. It runs off the event loop, may be cancelled at any await, and may be run again for the same
  /// recipe: what it stores is content-addressed.
  ///
  /// - Throws: why not, with its consequence.
  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome

  /// The assets that an output stands for; they are written together with it.
  func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset]
}

extension Stage {
  package var name: StageName { declaration.name }

  package func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset] { [] }
}
