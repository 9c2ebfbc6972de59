package import Pipeline

/// An asset on its way in: its content is in the blob store already.
package struct NewAsset: Sendable {
  package var id: AssetID
  package var slug: String?
  package var organisation: String
  package var owner: String
  package var mediaType: MediaType
  package var title: String
  package var tags: [String]
  /// The name it came with, without its folders.
  package var fileName: String?
  package var source: BlobReference
  /// Subtitles that came beside it.
  package var sidecar: BlobReference?

  package init(
    id: AssetID, slug: String? = nil, organisation: String, owner: String, mediaType: MediaType, title: String,
    tags: [String] = [], fileName: String? = nil, source: BlobReference, sidecar: BlobReference? = nil
  ) {
    self.id = id
    self.slug = slug
    self.organisation = organisation
    self.owner = owner
    self.mediaType = mediaType
    self.title = title
    self.tags = tags
    self.fileName = fileName
    self.source = source
    self.sidecar = sidecar
  }
}
