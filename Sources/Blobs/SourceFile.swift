internal import Glibc

/// A file that is read from start to end, by one thread at a time.
final class SourceFile: Sendable {
  private let path: String
  /// Owned; closed in `deinit`.
  private let descriptor: Int32

  init(path: String) throws(BlobError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else { throw BlobError(code: errno, action: "read", path: path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The next bytes; none at the end.
  func read(upTo limit: Int) throws(BlobError) -> [UInt8] {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
      repeat { count = Glibc.read(descriptor, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
      initialized = max(0, count)
    }
    guard count >= 0 else { throw BlobError(code: errno, action: "read", path: path) }
    return bytes
  }
}
