package import Pipeline

/// A model that turns texts into vectors, and where its vectors are searched.
package struct EmbeddingModel: Sendable, Hashable {
  /// The name in tables and artifact kinds.
  package let name: String
  package let dimension: Int
  /// Texts whose cosine is less have nothing to do with each other.
  package let relatedness: Double
  /// The table of the searchable vectors; each model has its own, because an index serves one dimension.
  let table: String

  /// The artifact that says which vectors stand for an asset.
  package var artifact: ArtifactKind { .vectors(model: name) }

  /// all-MiniLM-L6-v2.
  package static let miniLM = EmbeddingModel(name: "minilm", dimension: 384, relatedness: 0.2, table: "vector_minilm")
}
