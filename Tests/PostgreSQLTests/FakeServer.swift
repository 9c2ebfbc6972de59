import Concurrency
import Glibc

/// Something that listens on a port of the loopback and is no PostgreSQL: silent, or with one answer to the first words.
final class FakeServer: Sendable {
  let port: UInt16
  private let descriptor: Int32

  struct Failure: Error { let errno: Int32 }

  /// - Parameter answer: sent once the client has said something; nil is silence.
  init(answer: [UInt8]?) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
      guard bind(descriptor, pointer, size) == 0, listen(descriptor, 4) == 0 else { return Int32(-1) }
      return pointer.map { getsockname(descriptor, $0, &size) } ?? -1
    }
    guard status == 0 else { throw Failure(errno: errno) }
    port = UInt16(bigEndian: address.sin_port)
    guard let answer else { return }
    startThread(name: "fake-server") {
      let client = accept(descriptor, nil, nil)
      guard client >= 0 else { return }
      var words = [UInt8](repeating: 0, count: 4096)
      if read(client, &words, words.count) > 0 { _ = write(client, answer, answer.count) }
      close(client)
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// An ErrorResponse of PostgreSQL's protocol.
  static func refusal(_ state: String, _ message: String) -> [UInt8] {
    let fields = "SFATAL\0VFATAL\0C\(state)\0M\(message)\0\0"
    let length = UInt32(fields.utf8.count + 4).bigEndian
    return [UInt8(ascii: "E")] + withUnsafeBytes(of: length) { Array($0) } + Array(fields.utf8)
  }
}
