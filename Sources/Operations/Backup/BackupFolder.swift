internal import Blobs
internal import Concurrency
internal import Glibc
internal import Hashing
internal import JSON

/// The folder of a backup: `manifest.json`, `reelmill.toml`, what the database held in `data`, and `content`.
///
/// Data and content are named by their digests, are there only when they are whole and durable, and are compared with
/// their names when they are read.
struct BackupFolder: Sendable {
  static let manifestName = "manifest.json"
  static let settingsName = "reelmill.toml"

  let path: String
  let data: FileBlobStore
  let content: FileBlobStore
  private let pool: BlockingPool

  /// Whose the data is, as the store wants to know it.
  // Proof: the literal follows the rules for names of organisations.
  static let dataOwner = BlobOwner("database")!

  /// A manifest names a few files a table; a larger one is none.
  private static let manifestLimit = 16 << 20

  init(path: String) {
    self.path = path
    pool = BlockingPool(name: "backup", threadCount: 4)
    data = FileBlobStore(root: "\(path)/data", pool: pool)
    content = FileBlobStore(root: "\(path)/content", pool: pool)
  }

  /// Makes the folders.
  ///
  /// - Throws: ``BackupError/folderNotEmpty(_:)``, or what the system says.
  func make() async throws(BackupError) {
    try await run { [path] () throws(BackupError) in
      if mkdir(path, 0o700) != 0 {
        guard errno == EEXIST else { throw BackupError(code: errno, path: path) }
        guard try isEmpty(path) else { throw .folderNotEmpty(path) }
      }
      for folder in ["\(path)/data", "\(path)/content"] {
        guard mkdir(folder, 0o700) == 0 else { throw BackupError(code: errno, path: folder) }
      }
    }
  }

  /// Writes a small file: it is there whole or not at all, and lasts.
  ///
  /// - Returns: its digest and size.
  @discardableResult
  func write(_ text: String, to name: String) async throws(BackupError) -> BackupManifest.File {
    try await run { [path] () throws(BackupError) in
      let unfinished = "\(path)/\(name).partial"
      let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw BackupError(code: errno, path: unfinished) }
      defer { close(descriptor) }
      let bytes = Array(text.utf8)
      var written = 0
      while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 || errno == EINTR else { throw BackupError(code: errno, path: unfinished) }
        written += max(count, 0)
      }
      guard fsync(descriptor) == 0, rename(unfinished, "\(path)/\(name)") == 0 else {
        throw BackupError(code: errno, path: unfinished)
      }
      try synchronize(path)
      return BackupManifest.File(digest: SHA256Digest(hashing: bytes), size: bytes.count)
    }
  }

  /// Reads a small file.
  ///
  /// - Returns: nil if there is none.
  func read(_ name: String) async throws(BackupError) -> [UInt8]? {
    try await run { [path] () throws(BackupError) -> [UInt8]? in
      let file = "\(path)/\(name)"
      let descriptor = open(file, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        if errno == ENOENT { return nil }
        throw BackupError(code: errno, path: file)
      }
      defer { close(descriptor) }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw BackupError(code: errno, path: file) }
        guard count > 0 else { return bytes }
        bytes += chunk[..<count]
        guard bytes.count <= Self.manifestLimit else {
          throw .damaged(name, "expected at most \(Self.manifestLimit) bytes, there are more")
        }
      }
    }
  }

  /// Reads the manifest.
  ///
  /// - Throws: ``BackupError/noBackup(_:)`` if there is none, or what is wrong with it.
  func manifest() async throws(BackupError) -> BackupManifest {
    guard let bytes = try await read(Self.manifestName) else { throw .noBackup(path) }
    let json: JSON
    do throws(JSONError) { json = try JSON(parsing: bytes) } catch { throw .damaged(Self.manifestName, "\(error)") }
    return try BackupManifest(json: json)
  }

  private func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws(BackupError) -> Value
  ) async throws(BackupError) -> Value {
    let result: Result<Value, BackupError>
    do throws(BlockingPool.Refusal) {
      result = try await pool.run { () -> Result<Value, BackupError> in
        do throws(BackupError) { return .success(try work()) } catch { return .failure(error) }
      }
    } catch {
      throw error == .cancelled ? .cancelled : .file(path, error.description)
    }
    return try result.get()
  }
}

private func isEmpty(_ path: String) throws(BackupError) -> Bool {
  guard let stream = opendir(path) else { throw BackupError(code: errno, path: path) }
  defer { closedir(stream) }
  var count = 0
  // `.` and `..` are always there.
  while readdir(stream) != nil { count += 1 }
  return count <= 2
}

private func synchronize(_ path: String) throws(BackupError) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw BackupError(code: errno, path: path) }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw BackupError(code: errno, path: path) }
}

extension BackupError {
  fileprivate init(code: Int32, path: String) { self = .file(path, String(cString: strerror(code))) }
}
