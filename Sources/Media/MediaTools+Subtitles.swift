extension MediaTools {
  /// ffmpeg's names of the codecs that hold text; the others hold pictures of text.
  package static let textSubtitleCodecs: Set<String> = ["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"]

  /// Writes a subtitle stream of text into `folder`: WebVTT as WebVTT, all others as SRT.
  ///
  /// - Parameters:
  ///   - stream: its index in the file.
  ///   - codec: one of ``textSubtitleCodecs``.
  /// - Returns: the path of the file.
  package func extractSubtitles(
    of input: MediaInput, stream: Int, codec: String, folder: String
  ) async throws(MediaError) -> String {
    let format = codec == "webvtt" ? "webvtt" : "srt"
    let name = "subtitles-\(stream).\(format)"
    _ = try await convert(
      Job(
        arguments: ["-map", "0:\(stream)", "-c:s", format, "-fs", "\(Self.largestSubtitles)", "-f", format, name],
        input: input, folder: folder, deadline: deadlines.work))
    return "\(folder)/\(name)"
  }

  /// In bytes.
  private static let largestSubtitles = 16 << 20
}
