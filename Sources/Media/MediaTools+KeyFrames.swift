extension MediaTools {
  /// Writes pictures of the video stream as JPEG files into `folder`, and chooses among them as the rules say. Only
  /// what the video itself marks as a key frame is decoded.
  ///
  /// - Parameter duration: of the video, in milliseconds; spreads the pictures over it.
  /// - Returns: in the order of their times, at most `rules.count`. Files that were not chosen stay in the folder.
  package func extractKeyFrames(
    of input: MediaInput, stream: Int, duration: Int64, rules: KeyFrameRules, folder: String
  ) async throws(MediaError) -> [ExtractedFrame] {
    let candidates = rules.count * Self.candidatesForOne
    let graph = Self.keyFrameGraph(stream: stream, duration: duration, rules: rules)
    let outcome = try await convert(
      Job(
        arguments: ["-filter_complex", graph]
          + ["-map", "[pictures]", "-frames:v", "\(candidates)", "-fps_mode", "passthrough"]
          + ["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-bitexact", "-f", "image2", "%06d.jpg"]
          + ["-map", "[hashes]", "-frames:v", "\(candidates)", "-fps_mode", "passthrough"]
          + ["-f", "rawvideo", "hashes.grey"],
        input: input, folder: folder, deadline: deadlines.work), inputOptions: ["-skip_frame", "nokey"])
    let times = Self.times(in: String(decoding: outcome.standardOutput, as: UTF8.self))
    let cells = PerceptualHash.width * PerceptualHash.height
    let hashes = try await LocalFile.beginning(of: "\(folder)/hashes.grey", limit: cells * candidates)
    let frames = (0..<min(times.count, hashes.count / cells)).compactMap { number in
      PerceptualHash(grey: hashes[number * cells..<(number + 1) * cells]).map { hash in
        let name = String(String(1_000_001 + number).dropFirst())
        return ExtractedFrame(milliseconds: times[number], path: "\(folder)/\(name).jpg", hash: hash)
      }
    }
    return rules.choose(among: frames)
  }

  /// So many pictures are looked at for one that is taken.
  private static let candidatesForOne = 5

  private static func keyFrameGraph(stream: Int, duration: Int64, rules: KeyFrameRules) -> String {
    let interval = max(rules.sceneInterval, duration / Int64(rules.count * candidatesForOne))
    let select = "select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,\(interval)/1000)'"
    let edge = rules.longestEdge
    // The selected frames carry no metadata that could be printed, so a first filter gives them some.
    return
      "[0:\(stream)]\(select),metadata=mode=add:key=taken:value=1,metadata=mode=print:file=pipe\\\\:1,split=2[large][small];"
      + "[large]scale='min(iw\\,\(edge))':'min(ih\\,\(edge))':force_original_aspect_ratio=decrease:"
      + "force_divisible_by=2[pictures];"
      + "[small]scale=\(PerceptualHash.width):\(PerceptualHash.height):flags=area,format=gray[hashes]"
  }

  /// Reads the lines `frame:0 pts:512 pts_time:0.04`.
  static func times(in text: String) -> [Int64] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("frame:"), let mark = line.split(separator: " ").last(where: { $0.hasPrefix("pts_time:") }),
        let seconds = Double(mark.dropFirst("pts_time:".count)), seconds.isFinite, abs(seconds) < 1e9
      else { return nil }
      return max(0, Int64((seconds * 1000).rounded()))
    }
  }
}
