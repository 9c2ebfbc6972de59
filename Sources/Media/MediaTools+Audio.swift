extension MediaTools {
  /// Bytes of a millisecond of 16 kHz mono in 16 bits, and of the header that ffmpeg writes when it is told to leave
  /// out who it is.
  private static let bytesPerMillisecond: Int64 = 32
  private static let waveHeaderSize: Int64 = 44

  /// Writes the first audio stream as `audio.wav` into `folder`, and finds its silences on the way: at least half a
  /// second that stays 35 dB below full scale.
  ///
  /// - Throws: `tooLarge` if it is longer than the largest file holds (18 hours).
  package func extractAudio(of input: MediaInput, folder: String) async throws(MediaError) -> ExtractedAudio {
    let filters = [
      "aresample=16000", "aformat=sample_fmts=s16:channel_layouts=mono", "silencedetect=noise=-35dB:d=0.5",
      "ametadata=mode=print:file=pipe\\\\:1",
    ]
    let outcome = try await convert(
      Job(
        arguments: ["-map", "0:a:0", "-vn", "-sn", "-dn", "-af", filters.joined(separator: ",")]
          + Self.waveOutput("audio.wav"),
        input: input, folder: folder, outputLimit: 16 << 20, deadline: deadlines.work))
    let path = "\(folder)/audio.wav"
    let size = try await LocalFile.size(of: path)
    // ffmpeg ends well when it reaches -fs; then the rest is missing.
    guard size < Self.largestOutput - (1 << 20) else {
      throw MediaError(.tooLarge, "the sound is longer than 18 hours; cut the recording")
    }
    let duration = max(0, size - Self.waveHeaderSize) / Self.bytesPerMillisecond
    return ExtractedAudio(
      path: path, durationMilliseconds: duration,
      silences: Self.silences(in: String(decoding: outcome.standardOutput, as: UTF8.self), duration: duration))
  }

  /// Writes a part of a WAV file as a WAV file called `name` into `folder`.
  ///
  /// - Returns: the path of the file.
  package func cutAudio(
    _ path: String, from start: Int64, to end: Int64, name: String, folder: String
  ) async throws(MediaError) -> String {
    _ = try await convert(
      Job(
        arguments: ["-map", "0:a:0", "-t", Self.seconds(end - start)] + Self.waveOutput(name),
        input: .recording(path), folder: folder, deadline: deadlines.look),
      inputOptions: ["-ss", Self.seconds(start)])
    return "\(folder)/\(name)"
  }

  private static func waveOutput(_ name: String) -> [String] {
    ["-c:a", "pcm_s16le", "-ar", "16000", "-ac", "1", "-bitexact", "-map_metadata", "-1"]
      + ["-fs", "\(largestOutput - (1 << 20))", "-f", "wav", name]
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
  }

  /// Reads the lines `lavfi.silence_start=1.5` and `lavfi.silence_end=2.25`; a silence that does not end lasts to
  /// the end.
  static func silences(in text: String, duration: Int64) -> [ExtractedAudio.Silence] {
    var silences: [ExtractedAudio.Silence] = []
    var start: Int64?
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let seconds = Double(parts[1]), seconds.isFinite, abs(seconds) < 1e9 else { continue }
      let time = min(max(0, Int64((seconds * 1000).rounded())), duration)
      if parts[0] == "lavfi.silence_start" {
        start = time
      } else if parts[0] == "lavfi.silence_end", let begun = start {
        if time > begun { silences.append(ExtractedAudio.Silence(start: begun, end: time)) }
        start = nil
      }
    }
    if let start, start < duration { silences.append(ExtractedAudio.Silence(start: start, end: duration)) }
    return silences
  }
}
