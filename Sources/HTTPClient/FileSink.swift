internal import Glibc

/// Writes the content of a response to a file, and removes it if the content does not come whole.
final class FileSink: ResponseSink {
  private let path: String
  // Proof: touched only by the methods of `ResponseSink`, which run on the loop's thread alone.
  nonisolated(unsafe) private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  func start() throws(SinkError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("open", errno) }
  }

  func begin(_ head: HTTPResponseHead) {}

  func take(_ bytes: UnsafeRawBufferPointer) throws(SinkError) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write", errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }

  func end(isComplete: Bool) throws(SinkError) {
    guard descriptor >= 0 else { return }
    // A full disk may show only now.
    let isClosed = close(descriptor) == 0
    let closeError = errno
    if !isComplete || !isClosed { unlink(path) }
    if !isClosed { throw failure("close", closeError) }
  }

  private func failure(_ action: String, _ code: Int32) -> SinkError {
    SinkError(detail: "cannot \(action) \(path): \(String(cString: strerror(code)))")
  }
}
