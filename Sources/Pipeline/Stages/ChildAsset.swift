/// An asset that a stage derives from its own: a key frame of a video.
package struct ChildAsset: Sendable, Equatable {
  package let id: AssetID
  package let mediaType: MediaType
  package let title: String
  /// Where in the parent, in milliseconds.
  package let offsetMilliseconds: Int64
  package let source: BlobReference

  package init(
    id: AssetID, mediaType: MediaType, title: String, offsetMilliseconds: Int64, source: BlobReference
  ) {
    self.id = id
    self.mediaType = mediaType
    self.title = title
    self.offsetMilliseconds = offsetMilliseconds
    self.source = source
  }
}
