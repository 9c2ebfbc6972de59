/// A picture taken from a video.
package struct ExtractedFrame: Sendable, Equatable {
  /// Where in the video.
  package let milliseconds: Int64
  /// A JPEG file.
  package let path: String
  package let hash: PerceptualHash

  package init(milliseconds: Int64, path: String, hash: PerceptualHash) {
    self.milliseconds = milliseconds
    self.path = path
    self.hash = hash
  }
}
