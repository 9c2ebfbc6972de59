package import Concurrency
internal import Glibc
internal import Hashing
internal import Synchronization

/// Blobs as files below one folder, for one machine or a shared file system.
///
/// A blob is visible only when it is whole and durable: it is written under a temporary name, flushed, renamed, and its
/// folder is flushed. A crash leaves at most a temporary file.
package struct FileBlobStore: BlobStore {
  /// The folder that all blobs are below; it must be there.
  package let root: String
  private let pool: BlockingPool

  /// What is read and written at once.
  private static let chunkSize = 1 << 20

  /// - Parameters:
  ///   - root: a folder that is there.
  ///   - pool: the threads for all work on files.
  package init(root: String, pool: BlockingPool = BlockingPool(name: "blobs", threadCount: 4)) {
    self.root = root
    self.pool = pool
  }

  package func write(file path: String, for owner: BlobOwner) async throws(BlobError) -> Blob {
    let source = try await run { () throws(BlobError) in try SourceFile(path: path) }
    let writer = try await FileBlobWriter(store: self, folder: OwnerFolder(owner: owner, root: root))
    while try await writer.append(from: source, upTo: Self.chunkSize) {}
    return try await writer.finish()
  }

  package func write(
    for owner: BlobOwner, _ produce: (any BlobWriter) async throws -> Void
  ) async throws -> Blob {
    let writer = try await FileBlobWriter(store: self, folder: OwnerFolder(owner: owner, root: root))
    try await produce(writer)
    return try await writer.finish()
  }

  package func withFile<Result>(
    _ id: BlobID, _ body: (_ path: String) async throws -> Result
  ) async throws -> Result {
    let place = path(of: id)
    guard try await find(id) != nil else { throw missing(place) }
    return try await body(place)
  }

  package func find(_ id: BlobID) async throws(BlobError) -> Blob? {
    let place = path(of: id)
    return try await run { () throws(BlobError) in try Blobs.find(id, at: place) }
  }

  package func verify(_ id: BlobID) async throws(BlobError) {
    let place = path(of: id)
    let file = try await run { () throws(BlobError) in try SourceFile(path: place) }
    let hash = Mutex<SHA256?>(SHA256())
    while try await run({ () throws(BlobError) in
      let chunk = try file.read(upTo: Self.chunkSize)
      hash.withLock { $0?.update(chunk) }
      return !chunk.isEmpty
    }) {}
    let digest = hash.withLock { $0.take()?.finalize() }
    guard digest == id.digest else {
      throw BlobError(
        .corrupt, path: place, detail: "its content has the digest \(digest?.description ?? "of nothing")")
    }
  }

  /// Hands the content to `body` piece by piece, in order.
  ///
  /// - Throws: ``BlobError``, of kind `notFound` if there is no such blob, or what `body` throws.
  package func read(_ id: BlobID, _ body: (_ chunk: [UInt8]) async throws -> Void) async throws {
    let place = path(of: id)
    let file = try await run { () throws(BlobError) in try SourceFile(path: place) }
    while case let chunk = try await run({ () throws(BlobError) in try file.read(upTo: Self.chunkSize) }),
      !chunk.isEmpty
    {
      try await body(chunk)
    }
  }

  package func delete(_ id: BlobID) async throws(BlobError) {
    let place = path(of: id)
    try await run { () throws(BlobError) in
      guard unlink(place) == 0 || errno == ENOENT else { throw BlobError(code: errno, action: "delete", path: place) }
    }
  }

  package func owners() async throws(BlobError) -> [BlobOwner] {
    try await run { [root] () throws(BlobError) in try names(in: root).compactMap { BlobOwner($0) } }
  }

  package func list(_ owner: BlobOwner, firstByte: UInt8) async throws(BlobError) -> [Blob] {
    let folder = OwnerFolder(owner: owner, root: root)
    return try await run { () throws(BlobError) in
      var blobs: [Blob] = []
      for name in try names(in: folder.shard(firstByte: firstByte)) {
        guard let digest = SHA256Digest(name) else { continue }
        let id = BlobID(owner: owner, digest: digest)
        // Nil if it was deleted meanwhile.
        if let blob = try Blobs.find(id, at: folder.path(of: digest)) { blobs.append(blob) }
      }
      return blobs
    }
  }

  /// Removes the temporary files that crashes left.
  ///
  /// - Parameter age: younger ones are spared, because they may be being written.
  /// - Returns: how many were removed.
  package func removeStalePartials(olderThan age: Duration = .seconds(24 * 3600)) async throws(BlobError) -> Int {
    var count = 0
    for owner in try await owners() {
      let partials = OwnerFolder(owner: owner, root: root).partials
      count += try await run { () throws(BlobError) in
        let limit = time(nil) - Int(age.components.seconds)
        return try names(in: partials).count { name in
          var status = stat()
          let path = "\(partials)/\(name)"
          return stat(path, &status) == 0 && status.st_mtim.tv_sec <= limit && unlink(path) == 0
        }
      }
    }
    return count
  }

  /// Where the blob is, or would be.
  package func path(of id: BlobID) -> String { OwnerFolder(owner: id.owner, root: root).path(of: id.digest) }

  /// Does work on the pool's threads.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws(BlobError) -> Value
  ) async throws(BlobError) -> Value {
    let result: Result<Value, BlobError>
    do throws(BlockingPool.Refusal) {
      result = try await pool.run { () -> Result<Value, BlobError> in
        do throws(BlobError) { return .success(try work()) } catch { return .failure(error) }
      }
    } catch {
      throw BlobError(error == .cancelled ? .cancelled : .busy, path: root, detail: error.description)
    }
    return try result.get()
  }

  private func missing(_ path: String) -> BlobError {
    BlobError(.notFound, path: path, detail: "there is no such blob")
  }
}
