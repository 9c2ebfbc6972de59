internal import Media
internal import Pipeline

extension InspectStage {
  func inspectRecording(
    at path: String, _ source: BlobReference, as mediaType: MediaType
  ) async throws(StageFailure) -> Facts {
    let type = try await withMedia { () throws(MediaError) in try await ContentType(ofFileAt: path) }
    guard Self.mayBeRecording(type) else {
      throw .permanent(
        "media.not-a-recording",
        "expected \(Self.words(for: mediaType)), the content is \(type.mimeType) (\(type.description))")
    }
    let input = MediaInput.recording(path)
    let probe = try await withMedia { () throws(MediaError) in try await tools.probe(input) }
    try checkStreams(of: probe, as: mediaType)
    let duration = try await measuredDuration(of: input, probe)
    try await checkBeginnings(of: input, probe, as: mediaType)
    return Self.facts(probe, contentType: type.mimeType, size: source.size, duration: duration)
  }

  /// The type as far as libmagic knows it; what it does not know, as some transport streams, ffprobe may.
  private static func mayBeRecording(_ type: ContentType) -> Bool {
    let isKnown = type.mimeType.hasPrefix("video/") || type.mimeType.hasPrefix("audio/")
    let isPlaylist = type.mimeType.contains("mpegurl")
    return (isKnown && !isPlaylist) || ["application/ogg", "application/octet-stream"].contains(type.mimeType)
  }

  private static func words(for mediaType: MediaType) -> String {
    mediaType == .video ? "a video" : "an audio file"
  }

  private func checkStreams(of probe: MediaProbe, as mediaType: MediaType) throws(StageFailure) {
    guard probe.streams.count <= limits.streams else {
      throw .permanent(
        "media.too-many-streams", "the file has \(probe.streams.count) streams, at most \(limits.streams) are taken")
    }
    guard !probe.streams(of: mediaType == .video ? .video : .audio).isEmpty else {
      throw .permanent(
        "media.no-streams",
        mediaType == .video
          ? "expected a video, the file has no video stream; upload it as audio if it is a sound recording"
          : "expected an audio file, the file has no audio stream")
    }
    if let large = probe.streams(of: .video).first(where: { $0.width * $0.height > MediaTools.maximumPixels }) {
      throw .permanent("media.too-many-pixels", "the video has \(large.width) × \(large.height) pixels; scale it down")
    }
  }

  /// How long the recording really is. What a container declares may be a lie; a recording much shorter than declared
  /// was cut off on its way.
  private func measuredDuration(of input: MediaInput, _ probe: MediaProbe) async throws(StageFailure) -> Int64 {
    let duration = try await withMedia { () throws(MediaError) in try await tools.measureDuration(of: input) }
    guard duration > 0 else {
      throw .permanent("media.no-duration", "the recording has no content: its duration is zero; upload it again")
    }
    guard duration <= limits.duration else {
      throw .permanent(
        "media.too-long", "the recording lasts \(duration / 1000) s, at most \(limits.duration / 1000) s are taken")
    }
    if probe.declaresDuration, let declared = probe.durationMilliseconds {
      guard duration >= declared - max(2000, declared / 10) else {
        throw .permanent(
          "media.truncated",
          "the file says that it lasts \(declared / 1000) s, its content ends after \(duration / 1000) s; upload it again"
        )
      }
    }
    return duration
  }

  /// That what the asset is there for can be decoded.
  private func checkBeginnings(
    of input: MediaInput, _ probe: MediaProbe, as mediaType: MediaType
  ) async throws(StageFailure) {
    let streams = [probe.streams(of: .video).first, probe.streams(of: .audio).first].compactMap { $0 }
    for stream in streams where mediaType == .video || stream.kind == .audio {
      try await withMedia { () throws(MediaError) in
        try await tools.decodeBeginning(of: input, stream: stream.index)
      }
    }
  }

  private static func facts(_ probe: MediaProbe, contentType: String, size: Int64, duration: Int64) -> Facts {
    Facts(
      contentType: contentType, container: probe.container, size: size, durationMilliseconds: duration,
      video: probe.streams(of: .video).map {
        Facts.VideoStream(
          index: $0.index, codec: $0.codec, width: $0.width, height: $0.height, frameRate: $0.frameRate)
      },
      audio: probe.streams(of: .audio).map {
        Facts.AudioStream(
          index: $0.index, codec: $0.codec, sampleRate: $0.sampleRate, channels: $0.channels,
          language: $0.language.map(LanguageTag.shortest))
      },
      subtitles: probe.streams(of: .subtitle).map {
        Facts.SubtitleStream(index: $0.index, codec: $0.codec, language: $0.language.map(LanguageTag.shortest))
      })
  }
}
