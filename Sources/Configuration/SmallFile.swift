internal import Glibc

/// The most bytes of a project file or of a file with a secret.
private let smallFileLimit = 256 * 1024

/// The text of a small file.
///
/// - Throws: ``ConfigurationError`` if it cannot be read, is larger than 256 KiB or is not UTF-8.
package func readSmallFile(at path: String) throws(ConfigurationError) -> String {
  // O_NONBLOCK: a pipe without a writer must not stop the start.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw cannotRead(path) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw cannotRead(path) }
    if count == 0 { break }
    bytes += buffer[..<count]
    guard bytes.count <= smallFileLimit else {
      throw ConfigurationError(problems: [
        "\(path) is larger than \(smallFileLimit / 1024) KiB: not a file for settings"
      ])
    }
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw ConfigurationError(problems: ["\(path) is not UTF-8 text"])
  }
  return text
}

private func cannotRead(_ path: String) -> ConfigurationError {
  ConfigurationError(problems: ["cannot read \(path): \(String(cString: strerror(errno)))"])
}
