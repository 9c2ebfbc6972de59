import FoundationEssentials
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
      #expect(failure?.consequence == .unavailable(retryAfter: .seconds(60)))
      #expect(failure?.message.contains("scripts/fetch-model") == true)
    }
  }

  @Test func `many who ask at once are answered by one model, in the order of their texts`() async throws {
    let embedding = MiniLMEmbedding(folder: modelFolder)
    let vectors = try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 { group.addTask { try await embedding.embed(["a ship at sea", "a recipe for soup"]) } }
      return try await group.reduce(into: [[[Float]]]()) { $0.append($1) }
    }
    #expect(vectors.allSatisfy { $0 == vectors[0] })
    let boat = try await embedding.embed(["a boat on the ocean"])[0]
    #expect(closeness(boat, vectors[0][0]) > closeness(boat, vectors[0][1]) + 0.2)
  }

  private func closeness(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// The folder of the model under test; loading from it fails with what to do when it is not there.
private let modelFolder =
  ProcessInfo.processInfo.environment["REELMILL_TEST_MODEL"]
  ?? "\(sourceFolder)/../../.reelmill/models/all-MiniLM-L6-v2"

private let sourceFolder = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.startIndex)
