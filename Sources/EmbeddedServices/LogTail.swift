internal import Glibc

/// The end of a log, for people who want to know why a service ended.
enum LogTail {
  private static let lines = 15
  private static let bytes = 4096

  /// The last lines of the file; empty if it cannot be read.
  static func read(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    var buffer = [UInt8](repeating: 0, count: bytes)
    let count = pread(descriptor, &buffer, bytes, max(0, size - bytes))
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      .split(separator: "\n").suffix(lines).joined(separator: "\n")
  }
}
