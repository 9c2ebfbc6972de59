package import Media
package import Pipeline

/// Takes the sound out of a recording that comes without captions, as speech recognition wants it.
package struct AudioStage: Stage {
  package let declaration: StageDeclaration
  private let tools: MediaTools

  package init(tools: MediaTools) {
    self.tools = tools
    declaration = Self.declaration()
  }

  /// What is known of the stage without its tools.
  package static func declaration() -> StageDeclaration {
    let reads: [Input] = [.required(.source), .required(.facts), .onlyWithout(.captions)]
    return StageDeclaration(
      name: StageName("audio"), writes: .audio, reads: [.video: reads, .audio: reads],
      policy: StagePolicy(concurrency: 2, deadline: .seconds(19 * 60), cost: .heavy))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    guard try !context.facts().audio.isEmpty else {
      return .finished(.empty(because: "the recording has no sound"))
    }
    let input = MediaInput.recording(try await context.path(of: context.source()))
    let audio = try await withMedia { () throws(MediaError) in
      try await tools.extractAudio(of: input, folder: context.scratchFolder)
    }
    let heard = audio.durationMilliseconds - audio.silences.reduce(0) { $0 + $1.end - $1.start }
    guard heard > 0 else { return .finished(.empty(because: "nothing is to be heard")) }
    let track = AudioTrack(
      durationMilliseconds: audio.durationMilliseconds,
      silences: audio.silences.map { AudioTrack.Silence(start: $0.start, end: $0.end) })
    return .finished(StageOutput(value: track.json, blob: try await context.store(file: audio.path)))
  }
}
