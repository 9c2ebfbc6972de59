/// Turns texts into vectors whose closeness is closeness of meaning.
package protocol EmbeddingProvider: Sendable {
  /// The model's name: vectors of different models are never compared.
  var model: String { get }
  /// The length of its vectors.
  var dimension: Int { get }

  /// A unit vector a text, in their order.
  func embed(_ texts: [String]) async throws(ProviderFailure) -> [[Float]]
}
