extension MediaTools {
  /// The picture, or the first of an animation, squeezed into a few pixels: three bytes each, red, green, blue, row by
  /// row. Decodes all of it, strictly.
  ///
  /// - Throws: `unreadable` if it is damaged or cut off, `tooManyPixels`.
  package func thumbnail(of input: MediaInput, width: Int, height: Int) async throws(MediaError) -> [UInt8] {
    let outcome = try await convert(
      Job(
        arguments: [
          "-map", "0:v:0", "-frames:v", "1", "-vf", "scale=\(width):\(height):flags=area", "-pix_fmt", "rgb24",
          "-f", "rawvideo", "-",
        ], input: input, deadline: deadlines.look), inputOptions: input.strictness)
    guard outcome.standardOutput.count == width * height * 3 else {
      throw MediaError(
        .unreadable, "the picture cannot be decoded to its end",
        detail: outcome.standardError.isEmpty ? nil : outcome.standardError)
    }
    return outcome.standardOutput
  }

  /// Writes the picture in grey as a PNG file called `name` into `folder`, scaled by `scale`.
  ///
  /// - Returns: the path of the file.
  package func greyPicture(
    of input: MediaInput, scale: Double, name: String, folder: String
  ) async throws(MediaError) -> String {
    _ = try await convert(
      Job(
        arguments: [
          "-map", "0:v:0", "-frames:v", "1", "-vf", "scale=iw*\(scale):ih*\(scale):flags=lanczos,format=gray",
          "-c:v", "png", "-f", "image2", "-update", "1", name,
        ], input: input, folder: folder, deadline: deadlines.look))
    return "\(folder)/\(name)"
  }
}
