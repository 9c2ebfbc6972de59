import MiniLM
import Providers
import TestSupport
import Testing

@Suite struct MiniLMEmbeddingTests {
  @Test func `a model that is not there may come, and the failure says how`() async throws {
    try await withFolder { folder in
      let embedding = MiniLMEmbedding(folder: folder)
      #expect(embedding.dimension == Encoder.dimension)
      let failure = await #expect(throws: ProviderFailure.self) { try await embedding.embed(["a text"]) }
      #expect(failure?.consequence == .transient())
      #expect(failure?.message.contains("scripts/fetch-model") == true)
    }
  }
}
