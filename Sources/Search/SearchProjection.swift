internal import Identifiers
package import Pipeline
package import PostgreSQL

/// Keeps an asset's search rows what its passages say: replaced as one set, in the transaction of the record.
package struct SearchProjection: Projection {
  package let stage: StageName
  private let model: EmbeddingModel

  /// The stage that it follows unless told otherwise.
  package static let indexStage = StageName("index")

  /// - Parameter stage: one that reads `passages` and, if there are any, the model's vectors.
  package init(stage: StageName = SearchProjection.indexStage, model: EmbeddingModel = .miniLM) {
    self.stage = stage
    self.model = model
  }

  /// Writes what changed, and nothing else. Without passages the asset's rows go.
  ///
  /// - Throws: what the database says, and `invalidStatement` for an artifact that is not a set of passages.
  package func apply(
    to asset: StageAsset, inputs: [ArtifactKind: StageInput], on connection: PostgresTransaction
  ) async throws(PostgresError) {
    let passages = try passages(in: inputs[.passages])
    let rows = PassageRows(asset: asset, model: model, connection: connection)
    let languages = passages.isEmpty ? [] : try await rows.languages(among: Set(passages.map(\.language)))
    let wanted = passages.enumerated().map { ordinal, passage in
      WantedPassage(
        passage, ordinal: ordinal, of: asset,
        language: languages.contains(passage.language) ? passage.language : "simple")
    }
    let changes = PassageChanges(from: try await rows.stored(), to: wanted)
    try await rows.remove(changes.removed)
    try await rows.move(changes.moved)
    let added = try await rows.add(changes.added)
    try await rows.link(changes.lackingVector + added)
  }

  private func passages(in input: StageInput?) throws(PostgresError) -> [PassageSet.Passage] {
    guard let input, !input.isEmpty else { return [] }
    do throws(InvalidArtifact) {
      return try PassageSet(json: input.value).passages
    } catch {
      throw .invalidStatement("the artifact `passages` is \(error)")
    }
  }
}

extension WantedPassage {
  /// A passage in its root's time line. What has no time of its own in a part of something has the part's.
  init(_ passage: PassageSet.Passage, ordinal: Int, of asset: StageAsset, language: String) {
    let offset = asset.offsetMilliseconds
    let start = passage.start.map { $0 + (offset ?? 0) } ?? offset
    place = PassagePlace(
      ordinal: ordinal, root: asset.root.uuid, modality: passage.modality.rawValue, start: start,
      end: passage.end.map { $0 + (offset ?? 0) } ?? start, section: passage.section, language: language)
    text = passage.text
    digest = passage.digest.bytes
  }
}
