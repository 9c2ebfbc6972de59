internal import Subprocess

extension MediaTools {
  /// The picture, or the first of an animation, squeezed into a few pixels: three bytes each, red, green, blue, row by
  /// row. Decodes all of it, strictly.
  ///
  /// - Throws: `unreadable` if it is damaged or cut off, `tooManyPixels`.
  package func thumbnail(of input: MediaInput, width: Int, height: Int) async throws(MediaError) -> [UInt8] {
    let outcome = try await convert(
      Job(
        arguments: Self.thumbnailOutput(width: width, height: height), input: input, deadline: deadlines.look),
      inputOptions: input.strictness)
    return try Self.thumbnail(outcome, width: width, height: height)
  }

  /// Writes the picture in grey as a file called `name` into `folder`, scaled by `scale`, and makes a thumbnail of it on
  /// the way.
  ///
  /// - Parameter isCompressed: whether the file is PNG, to be sent; else it is PGM, which costs less time.
  /// - Returns: the path of the file, and the thumbnail as ``thumbnail(of:width:height:)`` makes it.
  package func greyPicture(
    of input: MediaInput, scale: Double, name: String, isCompressed: Bool = false, folder: String,
    thumbnailEdge edge: Int
  ) async throws(MediaError) -> (path: String, thumbnail: [UInt8]) {
    let outcome = try await convert(
      Job(
        arguments: [
          "-map", "0:v:0", "-frames:v", "1", "-vf", "scale=iw*\(scale):ih*\(scale):flags=lanczos,format=gray",
          "-c:v", isCompressed ? "png" : "pgm", "-f", "image2", "-update", "1", name,
        ] + Self.thumbnailOutput(width: edge, height: edge), input: input, folder: folder, deadline: deadlines.look),
      inputOptions: input.strictness)
    return ("\(folder)/\(name)", try Self.thumbnail(outcome, width: edge, height: edge))
  }

  private static func thumbnailOutput(width: Int, height: Int) -> [String] {
    ["-map", "0:v:0", "-frames:v", "1", "-vf", "scale=\(width):\(height):flags=area", "-pix_fmt", "rgb24"]
      + ["-f", "rawvideo", "-"]
  }

  private static func thumbnail(
    _ outcome: ProcessOutcome, width: Int, height: Int
  ) throws(MediaError) -> [UInt8] {
    guard outcome.standardOutput.count == width * height * 3 else {
      throw MediaError(
        .unreadable, "the picture cannot be decoded to its end",
        detail: outcome.standardError.isEmpty ? nil : outcome.standardError)
    }
    return outcome.standardOutput
  }
}
