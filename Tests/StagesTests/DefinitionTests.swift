import Hashing
import JSON
import Media
import Pipeline
import Providers
import Stages
import Subprocess
import Testing

/// The definitions as they are in every database: what changes one makes all its results outdated.
@Suite struct DefinitionTests {
  private func stages() async throws -> [any Stage] {
    let sandbox = try await Sandbox(mode: .off)
    let tools = try MediaTools(sandbox: sandbox)
    return [
      InspectStage(tools: tools), CaptionsStage(tools: tools), KeyFramesStage(tools: tools), AudioStage(tools: tools),
      TranscribeStage(tools: tools, speech: PocketsphinxSpeech(sandbox: sandbox)),
      LabelStage(tools: tools, text: TesseractRecognizer(sandbox: sandbox)),
    ]
  }

  private static let golden = [
    "inspect": "30bd7492e54b0236ad4a8c87da03adc809497fc76c489497e02e8c272e27fd08",
    "captions": "6dea4c0ea6a173fce9b4b95efcc29a885af60fe5480dde8ec0b531647c4b2672",
    "keyframes": "438ca11221495103d44470350e7a7d5cfccb9feb7bac9906d654d6ce4b2458e7",
    "audio": "c16f715255e9d992f62553bf5d50a5b82996f0cf354379a7c59712bb8d42d104",
    "transcribe": "f6a9544755a84ffe5cc445a6b00b3767943ddabfc73aa83e7ea1ca09507747d5",
    "label": "c503bb63f8f5fd6d42a279602ec4e04ee38d29f4fa7afce319dd8bc0f9028dd6",
  ]

  @Test func `no definition changes by accident`() async throws {
    for stage in try await stages() {
      #expect(
        stage.declaration.definition.digest.description == Self.golden[stage.name.rawValue],
        """
        The definition of `\(stage.name)` has changed, so all its results count as outdated. If it was meant to, \
        because the stage gives other results now, raise its `version` and write the new digest here. If not, take \
        back what changed its name, version or configuration.
        """)
    }
  }

  @Test func `what differs from the defaults is part of the definition`() async throws {
    let tools = try MediaTools(sandbox: await Sandbox(mode: .off))
    let inspect = InspectStage(tools: tools, limits: InspectionLimits(duration: 60_000))
    #expect(inspect.declaration.definition.configuration == ["duration": 60_000])
    let pictures = KeyFramesStage(tools: tools, rules: KeyFrameRules(count: 10))
    #expect(pictures.declaration.definition.configuration == ["count": 10])
    let transcribe = TranscribeStage(tools: tools, speech: OtherSpeech())
    #expect(transcribe.declaration.definition.configuration == ["speech": "other/large"])
  }

  @Test func `the stages are a pipeline`() async throws {
    let graph = try await PipelineGraph(stages().map(\.declaration))
    #expect(
      graph.stages.map(\.name.rawValue) == ["inspect", "captions", "keyframes", "label", "audio", "transcribe"])
  }
}

private struct OtherSpeech: SpeechProvider {
  let name = "other/large"

  func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer {
    SpeechAnswer(segments: [])
  }
}
