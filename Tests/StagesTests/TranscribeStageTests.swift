import Hashing
import JSON
import Media
import Pipeline
import Providers
import Stages
import Subprocess
import Synchronization
import Testing

/// Answers with a word a window, or as it is told.
private final class FakeSpeech: SpeechProvider {
  let name = "fake/one"
  private let failure: ProviderFailure?
  private let calls = Mutex(0)

  init(failure: ProviderFailure? = nil) { self.failure = failure }

  var callCount: Int { calls.withLock { $0 } }

  func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer {
    let number = calls.withLock { calls in
      calls += 1
      return calls
    }
    if let failure { throw failure }
    return SpeechAnswer(segments: [
      Transcript.Segment(
        start: 100, end: 900, text: "word \(number)", words: [Transcript.Word(start: 100, end: 900, text: "word")])
    ])
  }
}

@Suite struct TranscribeStageTests {
  /// Runs `body` for a recording of a tone that lasts 20 s, with silences that make two windows.
  private func withTwoWindows(_ body: (inout Workshop) async throws -> Void) async throws {
    try await withWorkshop(.audio) { workshop in
      let path = try await workshop.make("tone.wav", ["-f", "lavfi", "-i", "sine=d=20:r=16000", "-ac", "1"])
      try workshop.give(.audio, file: path)
      let audio = try #require(workshop.inputs[.audio])
      let track = AudioTrack(durationMilliseconds: 20_000, silences: [AudioTrack.Silence(start: 8000, end: 12_000)])
      workshop.inputs[.audio] = StageInput(
        fingerprint: audio.fingerprint, value: track.json, blob: audio.blob, isEmpty: false)
      let facts = Facts(contentType: "audio/x-wav", size: 640_044, durationMilliseconds: 20_000)
      workshop.inputs[.facts] = StageInput(
        fingerprint: SHA256Digest(hashing: "facts"), value: facts.json, blob: nil, isEmpty: false)
      try await body(&workshop)
    }
  }

  @Test func `each window is charged, recorded and put in its place`() async throws {
    try await withTwoWindows { workshop in
      let stage = TranscribeStage(tools: workshop.tools, speech: FakeSpeech())
      let context = try workshop.context(stage)
      guard case .finished(let output) = try await stage.run(context) else {
        Issue.record("expected an end")
        return
      }
      let transcript = try Transcript(json: output.value)
      #expect(transcript.segments.map(\.text) == ["word 1", "word 2"])
      #expect(transcript.segments.map(\.start) == [100, 11_800])
      #expect(transcript.segments.map { $0.words?.first?.end } == [900, 12_600])
      #expect(context.windows.count == 2)
      #expect(
        context.charges == [
          FolderContext.Charge(provider: "fake/one", units: 8.3, unit: "second"),
          FolderContext.Charge(provider: "fake/one", units: 8.3, unit: "second"),
        ])
      #expect(context.progress == [0.5, 1])
    }
  }

  @Test func `a run that is asked to yield goes on where it stopped`() async throws {
    try await withTwoWindows { workshop in
      let speech = FakeSpeech()
      let stage = TranscribeStage(tools: workshop.tools, speech: speech)
      let first = try workshop.context(stage, windowsPerRun: 1)
      #expect(try await stage.run(first) == .continued)
      #expect(first.windows.count == 1)
      let second = try workshop.context(stage, windows: first.windows, windowsPerRun: 1)
      guard case .finished(let output) = try await stage.run(second) else {
        Issue.record("expected an end: nothing is left to yield for")
        return
      }
      #expect(try Transcript(json: output.value).segments.map(\.text) == ["word 1", "word 2"])
      #expect(speech.callCount == 2)
    }
  }

  @Test func `a run that died after its last window asks nobody again`() async throws {
    try await withTwoWindows { workshop in
      let stage = TranscribeStage(tools: workshop.tools, speech: FakeSpeech())
      let first = try workshop.context(stage)
      let outcome = try await stage.run(first)
      let again = TranscribeStage(tools: workshop.tools, speech: FailingSpeech())
      #expect(try await again.run(workshop.context(again, windows: first.windows)) == outcome)
    }
  }

  @Test(arguments: [
    (
      ProviderFailure.Consequence.transient(retryAfter: .seconds(7)),
      StageFailure.Consequence.transient(retryAfter: .seconds(7))
    ),
    (.permanent, .permanent), (.deferred(retryAfter: .seconds(60)), .deferred(for: .seconds(60))),
    (.cancelled, .interrupted),
  ])
  func `what a provider says of its failure is what follows`(
    consequence: ProviderFailure.Consequence, expected: StageFailure.Consequence
  ) async throws {
    try await withTwoWindows { workshop in
      let speech = FakeSpeech(failure: ProviderFailure(consequence, provider: "fake/one", "no"))
      let failure = try await workshop.failure(of: TranscribeStage(tools: workshop.tools, speech: speech))
      #expect(failure?.consequence == expected)
    }
  }

  @Test func `no sound, no transcript, and the reason is passed on`() async throws {
    try await withTwoWindows { workshop in
      let silent = StageOutput.empty(because: "nothing is to be heard")
      workshop.inputs[.audio] = StageInput(
        fingerprint: silent.fingerprint, value: silent.value, blob: nil, isEmpty: true)
      let output = try await workshop.run(TranscribeStage(tools: workshop.tools, speech: FailingSpeech()))
      #expect(output.emptyBecause == "nothing is to be heard")
    }
  }

  @Test func `a language that the provider does not know is said, and nobody is paid`() async throws {
    try await withTwoWindows { workshop in
      let facts = Facts(
        contentType: "audio/x-wav", size: 640_044, durationMilliseconds: 20_000,
        audio: [Facts.AudioStream(index: 0, codec: "pcm_s16le", sampleRate: 16_000, channels: 1, language: "de")])
      workshop.inputs[.facts] = StageInput(
        fingerprint: SHA256Digest(hashing: "facts"), value: facts.json, blob: nil, isEmpty: false)
      let speech = PocketsphinxSpeech(sandbox: try await Sandbox(mode: .off))
      let output = try await workshop.run(TranscribeStage(tools: workshop.tools, speech: speech))
      #expect(output.emptyBecause == "the speech is in `de`, which pocketsphinx/en-us does not know")
    }
  }
}
