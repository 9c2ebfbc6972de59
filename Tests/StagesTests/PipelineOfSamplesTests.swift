import HTTPClient
import Hashing
import Media
import Pipeline
import Providers
import Samples
import Stages
import Subprocess
import Synchronization
import TestSupport
import Testing

/// The stages, one after the other, over the sample media.
@Suite struct PipelineOfSamplesTests {
  @Test func `a video with speech gives facts, pictures, sound and a transcript`() async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: SampleMedia().make(.harbourTour, in: workshop.folder).path)
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.contentType == "video/mp4")
      #expect(facts.video.map(\.width) == [1280])
      #expect(facts.audio.count == 1)
      #expect(abs(try #require(facts.durationMilliseconds) - 15_000) < 300)

      let captions = try await workshop.run(CaptionsStage(tools: workshop.tools))
      #expect(captions.emptyBecause == "the recording comes without captions")

      let stage = KeyFramesStage(tools: workshop.tools)
      let pictures = try await workshop.run(stage)
      let frames = try KeyFrames(json: pictures.value).frames
      // One of each slide.
      #expect(frames.map { $0.milliseconds / 5000 } == [0, 1, 2])
      #expect(frames.allSatisfy { $0.width == 1280 && $0.height == 720 })
      let children = stage.children(of: pictures, for: workshop.asset)
      #expect(children.first?.title == "Picture at 0:00:00")
      #expect(children.map(\.offsetMilliseconds) == frames.map(\.milliseconds))
      #expect(children.map(\.source.digest.description) == frames.map(\.digest))

      let audio = try await workshop.run(AudioStage(tools: workshop.tools))
      #expect(abs(try AudioTrack(json: audio.value).durationMilliseconds - 15_000) < 300)

      let speech = PocketsphinxSpeech(sandbox: try await Sandbox(mode: .preferred))
      let transcript = try Transcript(
        json: await workshop.run(TranscribeStage(tools: workshop.tools, speech: speech)).value)
      #expect(transcript.origin == .speech)
      let text = transcript.segments.map(\.text).joined(separator: " ")
      for word in ["ships", "coffee", "engineers", "engine", "evening", "families"] {
        #expect(text.contains(word), "of: \(text)")
      }
      let engineers = transcript.segments.flatMap { $0.words ?? [] }.first { $0.text == "engineers" }
      #expect((5000..<6000).contains(try #require(engineers).start))
    }
  }

  @Test func `a subtitle stream becomes the transcript, and nobody listens`() async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: SampleMedia().make(.silentLesson, in: workshop.folder).path)
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.subtitles.map(\.language) == ["en"])
      let captions = try Transcript(json: await workshop.run(CaptionsStage(tools: workshop.tools)).value)
      #expect(captions.origin == .stream && captions.language == "en")
      #expect(captions.segments.map(\.start) == [500, 3200, 6500])
      #expect(captions.segments[1].text == "Twice a day the sea comes in, and twice a day it goes out.")
      let stage = TranscribeStage(tools: workshop.tools, speech: FailingSpeech())
      #expect(try await Transcript(json: workshop.run(stage).value) == captions)
      #expect(try await workshop.run(AudioStage(tools: workshop.tools)).emptyBecause == "the recording has no sound")
    }
  }

  @Test func `music has no transcript, and says why`() async throws {
    try await withWorkshop(.audio) { workshop in
      try await workshop.give(file: SampleMedia().make(.music, in: workshop.folder).path)
      try await workshop.run(InspectStage(tools: workshop.tools))
      try await workshop.run(AudioStage(tools: workshop.tools))
      let speech = PocketsphinxSpeech(sandbox: try await Sandbox(mode: .preferred))
      let output = try await workshop.run(TranscribeStage(tools: workshop.tools, speech: speech))
      #expect(output.emptyBecause == "what is heard was not understood")
    }
  }

  @Test func `a poster is read, and its colours are named`() async throws {
    try await withWorkshop(.image) { workshop in
      try await workshop.give(file: SampleMedia().make(.poster, in: workshop.folder).path)
      try await workshop.run(InspectStage(tools: workshop.tools))
      let text = TesseractRecognizer(sandbox: try await Sandbox(mode: .preferred))
      let labels = try Labels(json: await workshop.run(LabelStage(tools: workshop.tools, text: text)).value)
      #expect(labels.texts.map(\.text) == SampleMedia.Sample.poster.onScreen)
      let title = try #require(labels.texts.first)
      #expect((70...90).contains(title.x) && (130...180).contains(title.y) && title.confidence > 0.8)
      // The picture went through YUV, which changes the last bits.
      #expect(["#2a1a4a", "#2a184a"].contains(labels.colours.first?.colour))
      #expect(try #require(labels.colours.first).share > 0.8)
    }
  }

  @Test func `a server that sees is sent a PNG file, and what it reads becomes labels`() async throws {
    let request = Mutex("")
    let handle = answering { _, body in
      request.withLock { $0 = body }
      return ok(#"{"choices": [{"message": {"content": "{\"lines\": [\"Harbour\", \"Festival\"]}"}}]}"#)
    }
    try await withServer(handle) { url, _ in
      try await withWorkshop(.image) { workshop in
        try await workshop.give(file: SampleMedia().make(.poster, in: workshop.folder).path)
        try await workshop.run(InspectStage(tools: workshop.tools))
        let server = OpenAIEndpoint(
          url: "\(url)/v1", model: "seer", key: nil, deadline: .seconds(30), client: HTTPClient())
        let stage = LabelStage(tools: workshop.tools, text: OpenAIText(server))
        #expect(stage.declaration.definition.configuration == ["text": "openai/seer"])
        #expect(stage.declaration.policy.cost == .costly)
        let labels = try Labels(json: await workshop.run(stage).value)
        #expect(labels.texts.map(\.text) == ["Harbour", "Festival"])
      }
    }
    #expect(request.withLock { $0 }.contains("data:image/png;base64,iVBORw0KGgo"))
  }

  @Test func `a guide in Markdown has facts`() async throws {
    try await withWorkshop(.text) { workshop in
      try await workshop.give(file: SampleMedia().make(.guide, in: workshop.folder).path)
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.contentType == "text/markdown" && facts.size > 100)
    }
  }
}

/// A provider that must not be asked.
struct FailingSpeech: SpeechProvider {
  let name = "pocketsphinx/en-us"

  func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer {
    throw ProviderFailure(.permanent, provider: name, "nobody was to listen")
  }
}
