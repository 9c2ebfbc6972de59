internal import Glibc
internal import Hashing

/// A file that is being written under a temporary name. Nobody sees it as a blob; it is removed with the value unless
/// it was moved to its place.
struct PartialFile: ~Copyable, Sendable {
  private let path: String
  /// Owned; closed in `deinit`.
  private let descriptor: Int32
  private var hash = SHA256()
  private(set) var size = 0

  /// Makes the file.
  init(path: String) throws(BlobError) {
    // Nobody changes a blob once it is written.
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o400)
    guard descriptor >= 0 else { throw BlobError(code: errno, action: "make", path: path) }
    self.path = path
  }

  deinit {
    close(descriptor)
    // After `move(to:)` there is nothing of that name.
    unlink(path)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(BlobError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw BlobError(code: errno, action: "write to", path: path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    hash.update(bytes)
    size += bytes.count
  }

  /// Makes the content durable and moves it to where it belongs, unless it is there already.
  consuming func finish(in folder: OwnerFolder) throws(BlobError) -> Blob {
    guard fsync(descriptor) == 0 else { throw BlobError(code: errno, action: "write out", path: path) }
    let taken = swapOutHash()
    let id = BlobID(owner: folder.owner, digest: taken.finalize())
    let shard = folder.shard(of: id.digest)
    try makeFolder(shard, in: folder.path)
    let place = folder.path(of: id.digest)
    if let existing = try find(id, at: place), existing.size == size {
      // It counts as written now, so that what collects garbage spares it.
      guard utimensat(AT_FDCWD, place, nil, 0) == 0 else { throw BlobError(code: errno, action: "touch", path: place) }
    } else {
      guard rename(path, place) == 0 else { throw BlobError(code: errno, action: "move to its place", path: place) }
    }
    // Also for one that was there: who wrote it may not have come so far.
    try synchronizeFolder(shard)
    return Blob(id: id, size: size, writtenAt: time(nil))
  }

  private mutating func swapOutHash() -> SHA256 {
    var taken = SHA256()
    swap(&taken, &hash)
    return taken
  }
}
