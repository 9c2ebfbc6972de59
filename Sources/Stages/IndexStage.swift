internal import JSON
package import Pipeline
package import Search

/// Says that an asset's search rows stand for its passages and vectors. ``SearchProjection`` writes the rows
/// themselves, in the transaction that records this.
package struct IndexStage: Stage {
  package let declaration: StageDeclaration
  private let vectors: ArtifactKind

  /// - Parameter model: whose vectors are waited for; without them, passages are found by their words.
  package init(model: EmbeddingModel = .miniLM) {
    vectors = model.artifact
    let reads: [Input] = [.required(.passages), .optional(model.artifact)]
    declaration = StageDeclaration(
      name: SearchProjection.indexStage, writes: .searchRows,
      reads: Dictionary(uniqueKeysWithValues: MediaType.allCases.map { ($0, reads) }))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    guard let passages = try context.value(.passages, as: PassageSet.self)?.passages, !passages.isEmpty else {
      return .finished(.empty(because: context.reasonForEmpty(.passages) ?? "no passages"))
    }
    let digests = try context.value(vectors, as: VectorSet.self)?.digests ?? []
    return .finished(
      StageOutput(value: ["passages": .integer(Int64(passages.count)), "vectors": .integer(Int64(digests.count))]))
  }
}
