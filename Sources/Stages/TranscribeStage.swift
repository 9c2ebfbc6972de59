internal import JSON
package import Media
package import Pipeline
package import Providers

/// Writes down what is said: the captions where there are any, else what a speech provider hears.
///
/// The sound is cut into windows, and each is recorded when it is done, so that no window is paid for twice.
package struct TranscribeStage: Stage {
  package let declaration: StageDeclaration
  private let tools: MediaTools
  private let speech: any SpeechProvider

  /// The provider that the stage's definition takes for granted.
  package static let embeddedProvider = "pocketsphinx/en-us"

  package init(tools: MediaTools, speech: any SpeechProvider) {
    self.tools = tools
    self.speech = speech
    declaration = Self.declaration(speech: speech.name)
  }

  /// What is known of the stage without its tools.
  ///
  /// - Parameter speech: the provider's name.
  package static func declaration(speech: String = embeddedProvider) -> StageDeclaration {
    let reads: [Input] = [.required(.facts), .optional(.audio), .optional(.captions)]
    return StageDeclaration(
      name: StageName("transcribe"),
      configuration: speech == embeddedProvider ? [:] : ["speech": .string(speech)],
      writes: .transcript, reads: [.video: reads, .audio: reads],
      policy: StagePolicy(concurrency: 2, deadline: .seconds(19 * 60), cost: .costly))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    if let captions = try context.value(.captions, as: Transcript.self) {
      return .finished(StageOutput(value: captions.json))
    }
    guard let track = try context.value(.audio, as: AudioTrack.self), let blob = context.input(.audio)?.blob else {
      let reason = context.reasonForEmpty(.audio) ?? "there is no sound to listen to"
      return .finished(.empty(because: reason))
    }
    let language = try context.facts().audio.first?.language
    if let language, !speech.knows(language: language) {
      return .finished(.empty(because: "the speech is in `\(language)`, which \(speech.name) does not know"))
    }
    let windows = SpeechWindows.cut(track)
    var done: [SpeechWindow] = []
    for json in try await context.recordedWindows() { done.append(try Self.window(json)) }
    let path = try await context.path(of: blob)
    for number in done.count..<max(done.count, windows.count) {
      try context.checkCancellation()
      let window = try await transcribe(windows[number], of: path, language: language, context)
      try await context.record(window: window.json, number: number)
      done.append(window)
      context.report(progress: Double(done.count) / Double(windows.count))
      if context.shouldYield, done.count < windows.count { return .continued }
    }
    return .finished(Self.output(done, language: language))
  }

  private func transcribe(
    _ window: SpeechWindows.Window, of audio: String, language: String?, _ context: any StageContext
  ) async throws(StageFailure) -> SpeechWindow {
    let file = try await withMedia { () throws(MediaError) in
      try await tools.cutAudio(
        audio, from: window.start, to: window.end, name: "window.wav", folder: context.scratchFolder)
    }
    let seconds = Double(window.end - window.start) / 1000
    let answer = try await context.ask(speech.name, units: seconds, of: "second") { () throws(ProviderFailure) in
      try await speech.transcribe(audio: file, language: language)
    }
    return SpeechWindow(answer, in: window)
  }

  private static func window(_ json: JSON) throws(StageFailure) -> SpeechWindow {
    do throws(InvalidArtifact) {
      return try SpeechWindow(json: json)
    } catch {
      throw .permanent("window.invalid", "cannot read a recorded window: \(error)")
    }
  }

  private static func output(_ windows: [SpeechWindow], language: String?) -> StageOutput {
    let segments = windows.flatMap(\.segments)
    guard segments.isEmpty else {
      return StageOutput(value: Transcript(origin: .speech, language: language, segments: segments).json)
    }
    let isHeard = windows.contains { $0.notUnderstood > 0 }
    return .empty(because: isHeard ? "what is heard was not understood" : "no speech is heard")
  }
}
