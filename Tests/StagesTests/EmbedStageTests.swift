import Pipeline
import Providers
import Search
import Stages
import TestSupport
import Testing

@Suite struct EmbedStageTests {
  private let passages = (0..<80).map { passage("Text number \($0).") }

  @Test func `each text is embedded once in its organisation, and charged before it is`() async throws {
    try await withStore { store in
      let provider = FakeEmbedding()
      let run = try await embed(passages + [passages[3]], provider, store)
      let vectors = try VectorSet(json: #require(run.output).value)
      #expect(vectors.model == "minilm")
      #expect(vectors.digests == (passages + [passages[3]]).map { $0.digest.description })
      #expect(provider.requests.joined().map { $0 } == passages.map(\.text))
      #expect(run.context.charges.map(\.units) == [32, 32, 16])
      #expect(run.context.charges.allSatisfy { $0.provider == "all-MiniLM-L6-v2" && $0.unit == "text" })
      #expect(run.context.progress.last == 1)

      _ = try await embed(passages, provider, store)
      #expect(provider.requests.count == 3)
    }
  }

  @Test func `a run that is killed does not pay again for what it had`() async throws {
    try await withStore { store in
      let first = FakeEmbedding(failingAfter: 2)
      let failure = await #expect(throws: StageFailure.self) {
        try await embed(passages, first, store)
      }
      #expect(failure?.consequence == .transient())
      let second = FakeEmbedding()
      _ = try await embed(passages, second, store)
      #expect(second.requests == [Array(passages[64...].map(\.text))])
    }
  }

  @Test func `one who shall make way stops after a batch and goes on from there`() async throws {
    try await withStore { store in
      let provider = FakeEmbedding()
      var outcomes: [StageOutcome] = []
      for _ in 0..<3 {
        outcomes.append(try await embed(passages, provider, store, isAskedToYield: true).outcome)
      }
      #expect(outcomes.dropLast() == [.continued, .continued] && outcomes.last != .continued)
      #expect(provider.requests.map(\.count) == [32, 32, 16])
    }
  }

  @Test func `an edited sentence of a hundred paragraphs embeds one or two passages`() async throws {
    try await withStore { store in
      let text = hundredParagraphs()
      var requests: [Int] = []
      for text in [text, text.replacing("of paragraph 57 is", with: "of paragraph 57 was")] {
        let made = try await StageRun(
          of: PassagesStage(), for: .text, [:], text: Array(text.utf8), fileName: "long.md")
        let passages = try PassageSet(json: #require(made.output).value).passages
        let provider = FakeEmbedding()
        _ = try await embed(passages, provider, store)
        requests.append(provider.requests.joined().count)
      }
      #expect(requests[0] > 20)
      #expect((1...2).contains(requests[1]))
    }
  }

  @Test func `an answer with too few vectors is refused for good`() async throws {
    try await withStore { store in
      let failure = await #expect(throws: StageFailure.self) {
        try await embed(passages, FakeEmbedding(isShort: true), store)
      }
      #expect(failure?.code == "provider.invalid-answer" && failure?.consequence == .permanent)
    }
  }

  @Test func `a limit of the provider's puts the run off`() async throws {
    try await withStore { store in
      let provider = FakeEmbedding(failingAfter: 0, with: .deferred(retryAfter: .seconds(9)))
      let failure = await #expect(throws: StageFailure.self) {
        try await embed(passages, provider, store)
      }
      #expect(failure?.consequence == .deferred(for: .seconds(9)))
    }
  }

  @Test func `no passages are no vectors, for the same reason`() async throws {
    try await withStore { store in
      let run = try await StageRun(
        of: EmbedStage(provider: FakeEmbedding(), store: store), for: .audio,
        [.passages: StageInput(.empty(because: "silence"))])
      #expect(run.output?.emptyBecause == "silence")
    }
  }

  private func embed(
    _ passages: [PassageSet.Passage], _ provider: FakeEmbedding, _ store: EmbeddingStore, isAskedToYield: Bool = false
  ) async throws -> StageRun {
    try await StageRun(
      of: EmbedStage(provider: provider, store: store), for: .text,
      [.passages: StageInput(PassageSet(passages: passages).json)], isAskedToYield: isAskedToYield)
  }
}

/// A passage in English.
func passage(_ text: String) -> PassageSet.Passage {
  PassageSet.Passage(modality: .text, text: text, language: "english")
}
