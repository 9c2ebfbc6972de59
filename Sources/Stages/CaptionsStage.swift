internal import Documents
package import Media
package import Pipeline

/// Takes the captions that come with a recording: a subtitle file handed in beside it, else its first subtitle stream
/// that holds text.
package struct CaptionsStage: Stage {
  package let declaration: StageDeclaration
  private let tools: MediaTools

  package init(tools: MediaTools) {
    self.tools = tools
    declaration = Self.declaration()
  }

  /// What is known of the stage without its tools.
  package static func declaration() -> StageDeclaration {
    let reads: [Input] = [.required(.source), .required(.facts), .optional(.sidecar)]
    return StageDeclaration(
      name: StageName("captions"), writes: .captions, reads: [.video: reads, .audio: reads],
      policy: StagePolicy(concurrency: 2, deadline: .seconds(19 * 60), cost: .heavy))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    if let sidecar = context.input(.sidecar)?.blob { return .finished(try await readSidecar(sidecar, context)) }
    let streams = try context.facts().subtitles.filter { MediaTools.textSubtitleCodecs.contains($0.codec) }
    guard !streams.isEmpty else { return .finished(.empty(because: "the recording comes without captions")) }
    let input = MediaInput.recording(try await context.path(of: context.source()))
    for stream in streams {
      if let transcript = try await readStream(stream, of: input, context) {
        return .finished(StageOutput(value: transcript.json))
      }
    }
    return .finished(.empty(because: "the recording's subtitle streams hold no readable captions"))
  }

  /// - Returns: nil if nobody can read it. That is not the uploader's fault, and the speech is there still.
  private func readStream(
    _ stream: Facts.SubtitleStream, of input: MediaInput, _ context: any StageContext
  ) async throws(StageFailure) -> Transcript? {
    do throws(StageFailure) {
      let file = try await withMedia { () throws(MediaError) in
        try await tools.extractSubtitles(
          of: input, stream: stream.index, codec: stream.codec, folder: context.scratchFolder)
      }
      return Self.transcript(try await Self.track(at: file), origin: .stream, language: stream.language)
    } catch {
      guard error.consequence == .permanent else { throw error }
      return nil
    }
  }

  private func readSidecar(
    _ sidecar: BlobReference, _ context: any StageContext
  ) async throws(StageFailure) -> StageOutput {
    let track = try await Self.track(at: context.path(of: sidecar))
    return StageOutput(value: Self.transcript(track, origin: .sidecar, language: nil).json)
  }

  private static func track(at path: String) async throws(StageFailure) -> SubtitleTrack {
    let bytes = try await withMedia { () throws(MediaError) in
      try await LocalFile.beginning(of: path, limit: DecodedText.defaultLimit + 1)
    }
    do throws(DocumentError) {
      return try SubtitleTrack(parsing: DecodedText(bytes).text)
    } catch {
      throw .permanent("captions.unreadable", "\(error); hand in another subtitle file, or none")
    }
  }

  private static func transcript(
    _ track: SubtitleTrack, origin: Transcript.Origin, language: String?
  ) -> Transcript {
    Transcript(
      origin: origin, language: language,
      segments: track.cues.map { cue in
        Transcript.Segment(
          start: Int64(cue.start), end: Int64(cue.end),
          text: cue.text.split(separator: "\n").joined(separator: " "), speaker: cue.speaker)
      },
      issues: track.issues.isEmpty ? nil : track.issues.map(\.description))
  }
}
