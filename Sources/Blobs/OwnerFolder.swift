internal import Glibc
internal import Hashing

/// Where an owner's blobs are: `<root>/<owner>/<first byte>/<digest>`, and what is being written in `partial`.
struct OwnerFolder: Sendable {
  static let partialName = "partial"

  let owner: BlobOwner
  let root: String

  var path: String { "\(root)/\(owner)" }
  var partials: String { "\(path)/\(Self.partialName)" }

  func shard(firstByte: UInt8) -> String { "\(path)/\(hexadecimal(CollectionOfOne(firstByte)))" }
  func shard(of digest: SHA256Digest) -> String { shard(firstByte: digest.bytes[0]) }
  func path(of digest: SHA256Digest) -> String { "\(shard(of: digest))/\(digest)" }

  /// Starts a new file, and makes the folders if they are missing.
  func makePartial() throws(BlobError) -> PartialFile {
    try makeFolder(path, in: root)
    try makeFolder(partials, in: path)
    let name = hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255) })
    return try PartialFile(path: "\(partials)/\(name)")
  }
}

/// Makes a folder if it is missing, durably.
func makeFolder(_ path: String, in parent: String) throws(BlobError) {
  if mkdir(path, 0o700) == 0 { return try synchronizeFolder(parent) }
  guard errno == EEXIST else { throw BlobError(code: errno, action: "make the folder", path: path) }
}

/// Makes a folder's list of files durable.
func synchronizeFolder(_ path: String) throws(BlobError) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw BlobError(code: errno, action: "open the folder", path: path) }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw BlobError(code: errno, action: "write out the folder", path: path) }
}

/// The names in a folder; none if it is missing.
func names(in folder: String) throws(BlobError) -> [String] {
  guard let stream = opendir(folder) else {
    if errno == ENOENT { return [] }
    throw BlobError(code: errno, action: "list", path: folder)
  }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
      String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}

/// The blob of that name at its place; nil if there is none.
func find(_ id: BlobID, at path: String) throws(BlobError) -> Blob? {
  var status = stat()
  guard stat(path, &status) == 0 else {
    if errno == ENOENT { return nil }
    throw BlobError(code: errno, action: "look at", path: path)
  }
  return Blob(id: id, size: Int(status.st_size), writtenAt: status.st_mtim.tv_sec)
}

extension BlobError {
  init(code: Int32, action: String, path: String) {
    let kind: Kind =
      switch code {
      case ENOSPC, EDQUOT: .full
      case EACCES, EPERM, EROFS: .permission
      case ENOENT: .notFound
      default: .system
      }
    self.init(kind, path: path, detail: "cannot \(action) it: \(String(cString: strerror(code)))")
  }
}
