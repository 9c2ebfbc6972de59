import FoundationEssentials
import MiniLM
import Pipeline
import Search
import Testing

/// With all-MiniLM-L6-v2 itself.
@Suite struct RealModelTests {
  private static let texts = [
    "The trawlers came back to port with a full catch of herring.",
    "Bake the dough for forty minutes until the crust is golden.",
    "Interest rates were raised by a quarter of a point.",
    "The goalkeeper saved a penalty in the last minute.",
    "Invoice 4711-B was paid on the third of May.",
    "Our solar panels produce more power than the house consumes.",
  ]

  @Test(arguments: [
    ("fishing boats return to harbour", 0), ("how do I make bread", 1), ("central bank monetary policy", 2),
    ("football match", 3), ("renewable energy at home", 5), ("4711-B", 4), ("\"full catch\"", 0),
    ("fishermen -interest -oven", 0),
  ])
  func `what was meant comes first, whether by its words or by its meaning`(text: String, expected: Int) async throws {
    try await withTexts { library, encoder in
      let query = try SearchQuery(text)
      let vector = try await encoder.encode([query.meaning])[0]
      let results = try await Searcher(database: library.client).search(query, in: "studio", vector: vector)
      #expect(results.hits.first?.best.text.text == Self.texts[expected])
    }
  }

  @Test func `what nothing is said of is not found`() async throws {
    try await withTexts { library, encoder in
      let query = try SearchQuery("quantum chromodynamics lattice")
      let vector = try await encoder.encode([query.meaning])[0]
      let results = try await Searcher(database: library.client).search(query, in: "studio", vector: vector)
      #expect(results.hits.isEmpty)
    }
  }

  private func withTexts(_ body: (Library, Encoder) async throws -> Void) async throws {
    let encoder = try Encoder.load(modelFolder)
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let vectors = try await encoder.encode(Self.texts)
      try await library.index(
        asset, Self.texts.map { passage($0) }, vectors: Dictionary(uniqueKeysWithValues: zip(Self.texts, vectors)))
      try await body(library, encoder)
    }
  }
}

/// The folder of the model under test; loading from it fails with what to do when it is not there.
private let modelFolder =
  ProcessInfo.processInfo.environment["REELMILL_TEST_MODEL"]
  ?? "\(sourceFolder)/../../.reelmill/models/all-MiniLM-L6-v2"

private let sourceFolder = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.startIndex)
