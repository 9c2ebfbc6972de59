/// Keeps content under its digest, apart for each owner. Writing the same again changes nothing.
package protocol BlobStore: Sendable {
  /// Stores the content of a file, which stays.
  func write(file path: String, for owner: BlobOwner) async throws(BlobError) -> Blob

  /// Stores what `produce` hands to the writer, piece by piece. Nothing is stored when it throws.
  ///
  /// - Throws: ``BlobError``, or what `produce` throws.
  func write(for owner: BlobOwner, _ produce: (any BlobWriter) async throws -> Void) async throws -> Blob

  /// Calls `body` with the path of a file that has the content; it must not be changed and is only there meanwhile.
  ///
  /// - Throws: ``BlobError``, of kind `notFound` if there is no such blob, or what `body` throws.
  func withFile<Result>(_ id: BlobID, _ body: (_ path: String) async throws -> Result) async throws -> Result

  /// The blob's size and age; nil if there is no such blob.
  func find(_ id: BlobID) async throws(BlobError) -> Blob?

  /// Reads the whole content and compares it with the digest.
  ///
  /// - Throws: kind `corrupt` if they differ, `notFound` if there is no such blob.
  func verify(_ id: BlobID) async throws(BlobError)

  /// Deletes a blob, if it is there.
  func delete(_ id: BlobID) async throws(BlobError)

  /// All who have had blobs here.
  func owners() async throws(BlobError) -> [BlobOwner]

  /// The owner's blobs whose digests begin with the given byte: a listing in 256 parts, none of them large.
  func list(_ owner: BlobOwner, firstByte: UInt8) async throws(BlobError) -> [Blob]
}

/// Takes the content of a blob in order.
package protocol BlobWriter: Sendable {
  /// Adds bytes to the content; returns when they are written.
  func append(_ bytes: [UInt8]) async throws(BlobError)
}
