import Hashing
import PostgreSQL
import Search
import Testing

@Suite struct EmbeddingStoreTests {
  private let digests = (0..<5).map { SHA256Digest(hashing: "text \($0)") }

  @Test func `what was saved is not missing any more, and each missing text is named once`() async throws {
    try await Library.with { library in
      let store = EmbeddingStore(database: library.client)
      try await store.save([digests[1]: direction(1)], model: .miniLM, organisation: "studio")
      let missing = try await store.missing(of: digests + digests, model: .miniLM, organisation: "studio")
      #expect(missing == [digests[0], digests[2], digests[3], digests[4]])
      #expect(try await store.missing(of: digests, model: .miniLM, organisation: "rival") == digests)
      #expect(try await store.missing(of: [], model: .miniLM, organisation: "studio") == [])
    }
  }

  @Test func `saving again changes nothing`() async throws {
    try await Library.with { library in
      let store = EmbeddingStore(database: library.client)
      try await store.save([digests[0]: direction(1)], model: .miniLM, organisation: "studio")
      try await store.save(
        [digests[0]: direction(2), digests[1]: direction(3)], model: .miniLM, organisation: "studio")
      let rows = try await library.client.query(
        """
        select count(*) as count, count(*) filter (where vector = \(vector(1))) as first from embedding
        """
      ).one()
      #expect(try rows["count", as: Int64.self] == 2)
      #expect(try rows["first", as: Int64.self] == 1)
    }
  }

  @Test func `writers of the same texts in any order do not lock up`() async throws {
    try await Library.with(connections: 6) { library in
      let store = EmbeddingStore(database: library.client)
      let vectors = (0..<300).map { (SHA256Digest(hashing: "text \($0)"), direction($0)) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            try await store.save(
              Dictionary(uniqueKeysWithValues: vectors.shuffled()), model: .miniLM, organisation: "studio")
          }
        }
        try await group.waitForAll()
      }
      #expect(
        try await store.missing(of: vectors.map(\.0), model: .miniLM, organisation: "studio").isEmpty)
    }
  }

  @Test func `a vector that is not the model's is refused before anything is written`() async throws {
    let wrong: [[Float]] = [
      [1], [Float](repeating: 0, count: 384), [Float](repeating: .nan, count: 384),
      [Float](repeating: 1e30, count: 384), [Float](repeating: 1e-20, count: 384),
    ]
    try await Library.with { library in
      let store = EmbeddingStore(database: library.client)
      for vector in wrong {
        await #expect(throws: EmbeddingStoreError.self) {
          try await store.save(
            [digests[0]: direction(0), digests[1]: vector], model: .miniLM, organisation: "studio")
        }
      }
      let missing = try await store.missing(of: digests, model: .miniLM, organisation: "studio")
      #expect(missing == digests)
    }
  }

  private func vector(_ thing: Int) -> HalfVector { HalfVector(direction(thing)) }
}
