internal import Glibc

/// A file mapped read-only, so that all processes that use it share its pages; unmapped with the last reference.
///
/// The file must not be cut or changed in place while it is mapped (scripts/fetch-model replaces whole folders).
final class MappedFile: Sendable {
  let path: String
  // Proof: the memory is mapped PROT_READ, is never written, and stays mapped until deinit.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// - Throws: `missing` or `unreadable`, and `malformed` for an empty file.
  init(path: String) throws(ModelError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .missing(path: path) : .unreadable(path: path, code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      throw .malformed(path: path, problem: "expected a file with content")
    }
    let count = Int(status.st_size)
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .unreadable(path: path, code: errno)
    }
    self.path = path
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
