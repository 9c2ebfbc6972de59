extension MediaTools {
  /// What the file says of itself: container, streams, duration. Costs the reading of its beginning.
  ///
  /// - Throws: `unreadable` for what is of no format on the list.
  package func probe(_ input: MediaInput) async throws(MediaError) -> MediaProbe {
    let entries = [
      "format=format_name,duration",
      "stream=index,codec_type,codec_name,width,height,avg_frame_rate,sample_rate,channels",
      "stream_tags=language", "stream_disposition=attached_pic",
    ]
    let outcome = try await probe(
      Job(
        arguments: ["-print_format", "json", "-show_entries", entries.joined(separator: ":")], input: input,
        deadline: deadlines.look))
    return try MediaProbe(parsing: outcome.standardOutput)
  }

  /// Goes through all packets without decoding them and says when the last one ends: how long the recording really
  /// is, in milliseconds. 0 if there is no packet.
  package func measureDuration(of input: MediaInput) async throws(MediaError) -> Int64 {
    let outcome = try await convert(
      Job(
        arguments: ["-map", "0:v?", "-map", "0:a?", "-c", "copy", "-progress", "pipe:1", "-f", "null", "-"],
        input: input, deadline: deadlines.work))
    let last = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").last {
      $0.hasPrefix("out_time_us=")
    }
    return last.flatMap { Int64($0.dropFirst("out_time_us=".count)) }.map { max(0, $0 / 1000) } ?? 0
  }

  /// Decodes the first frame of the stream, to see that there is something in it.
  ///
  /// - Throws: `unreadable` if not a single frame of it can be decoded.
  package func decodeBeginning(of input: MediaInput, stream: Int) async throws(MediaError) {
    let outcome = try await convert(
      Job(
        arguments: ["-map", "0:\(stream)", "-frames:0", "1", "-f", "framecrc", "-"], input: input,
        deadline: deadlines.look))
    let frames = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n")
    guard frames.contains(where: { !$0.hasPrefix("#") }) else {
      throw MediaError(
        .unreadable, "not a single frame of stream \(stream) can be decoded",
        detail: outcome.standardError.isEmpty ? nil : outcome.standardError)
    }
  }
}
