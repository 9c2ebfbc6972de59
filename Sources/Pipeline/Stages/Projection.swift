/// Tables that stand for what a stage recorded, written in the same transaction as the record.
package protocol Projection<Connection, Failure>: Sendable {
  associatedtype Connection
  associatedtype Failure: Error

  /// The stage whose records it follows.
  var stage: StageName { get }

  /// Replaces the asset's rows by what the stage's inputs say now.
  func apply(
    to asset: StageAsset, inputs: [ArtifactKind: StageInput], on connection: Connection
  ) async throws(Failure)
}
