package import Hashing

/// Names a blob: its owner and the digest of its content.
package struct BlobID: Hashable, Sendable {
  package let owner: BlobOwner
  package let digest: SHA256Digest

  package init(owner: BlobOwner, digest: SHA256Digest) {
    self.owner = owner
    self.digest = digest
  }
}

/// A blob that is stored.
package struct Blob: Hashable, Sendable {
  package let id: BlobID
  /// In bytes.
  package let size: Int
  /// When it was written last, also if it was there before, in seconds since 1970. What collects garbage spares the
  /// young: their record may not be committed yet.
  package let writtenAt: Int
}
