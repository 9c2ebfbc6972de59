import Hashing
import JSON
import Pipeline
import Search
import Stages
import Testing

@Suite struct IndexStageTests {
  private let passages = StageInput(PassageSet(passages: [passage("one"), passage("two")]).json)

  @Test func `it counts what the rows will stand for`() async throws {
    let vectors = StageInput(VectorSet(model: "minilm", digests: ["a", "b"]).json)
    let run = try await StageRun(
      of: IndexStage(), for: .text, [.passages: passages, .vectors(model: "minilm"): vectors])
    #expect(run.output?.value == ["passages": 2, "vectors": 2])
  }

  @Test func `passages are indexed without vectors where those failed`() async throws {
    let run = try await StageRun(of: IndexStage(), for: .text, [.passages: passages])
    #expect(run.output?.value == ["passages": 2, "vectors": 0])
  }

  @Test func `no passages are an empty result, so that the rows go`() async throws {
    let run = try await StageRun(of: IndexStage(), for: .text, [.passages: StageInput(.empty(because: "silence"))])
    #expect(run.output?.emptyBecause == "silence")
  }

  @Test func `an artifact that is no set of passages never reaches the rows`() async throws {
    let failure = await #expect(throws: StageFailure.self) {
      try await StageRun(of: IndexStage(), for: .text, [.passages: StageInput(["passages": 3])])
    }
    #expect(failure?.consequence == .permanent)
  }

  @Test func `the three stages make a pipeline that the projection follows`() throws {
    let stages: [any Stage] = [IndexStage(), PassagesStage()]
    #expect(SearchProjection().stage == IndexStage().name)
    #expect(Set(stages.map(\.declaration.writes)) == [.searchRows, .passages])
    for mediaType in MediaType.allCases {
      #expect(IndexStage().declaration.reads[mediaType]?.contains(.required(.passages)) == true)
      #expect(PassagesStage().declaration.reads[mediaType] != nil)
    }
  }

  @Test func `what the stages make has not been redefined by accident`() {
    #expect(PassagesStage().declaration.definition == StageDefinition(stage: StageName("passages"), version: 1))
    #expect(IndexStage().declaration.definition == StageDefinition(stage: StageName("index"), version: 1))
  }
}
