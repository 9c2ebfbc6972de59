/// What kind of content an asset is.
package enum MediaType: String, Sendable, Hashable, CaseIterable {
  case video
  case audio
  case image
  /// A picture taken from a video; it treats as an image, and its asset belongs to the video's.
  case keyframe
  case text
}
