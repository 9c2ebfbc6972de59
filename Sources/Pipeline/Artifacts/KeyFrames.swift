/// The pictures that stand for a video: the value of `keyframes`.
package struct KeyFrames: ArtifactValue {
  package struct Frame: ArtifactValue {
    /// Where in the video.
    package var milliseconds: Int64
    /// The picture in the blob store: its SHA-256 in hexadecimal, and its size in bytes.
    package var digest: String
    package var size: Int64
    package var width: Int
    package var height: Int
    /// A perceptual hash, in hexadecimal: pictures that look alike differ in few bits.
    package var perceptualHash: String

    package init(
      milliseconds: Int64, digest: String, size: Int64, width: Int, height: Int, perceptualHash: String
    ) {
      self.milliseconds = milliseconds
      self.digest = digest
      self.size = size
      self.width = width
      self.height = height
      self.perceptualHash = perceptualHash
    }
  }

  package var frames: [Frame]

  package init(frames: [Frame]) { self.frames = frames }
}
