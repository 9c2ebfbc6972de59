import Concurrency
import Glibc

/// A client that sends what it is told, byte by byte if need be, and shows what came as it came.
final class RawClient: Sendable {
  private let descriptor: Int32

  /// Seconds that each read may take.
  private static let patience = 20

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafeBytes(of: address) { bytes in
      connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
        socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard status == 0 else {
      close(descriptor)
      throw CannotConnect(errno: errno)
    }
  }

  deinit { close(descriptor) }

  /// Sends bytes, as many as the server takes.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Says that nothing more is sent.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What comes until `isEnough` or the end of the connection.
  func receive(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async -> String {
    await withCheckedContinuation { continuation in
      startThread(name: "test-client") { [self] in
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while !isEnough(String(decoding: all, as: UTF8.self)) {
          let count = recv(descriptor, &buffer, buffer.count, 0)
          guard count > 0 else { break }
          all += buffer[..<count]
        }
        continuation.resume(returning: String(decoding: all, as: UTF8.self))
      }
    }
  }

  /// Whether the server closes the connection, and what it sent before.
  func ended() async -> String { await receive() }
}

struct CannotConnect: Error {
  let errno: Int32
}

/// What a server with these routes answers to bytes, until it closes the connection.
func exchange(_ text: String, with port: UInt16) async throws -> String {
  let client = try RawClient(port: port)
  client.send(text)
  return await client.ended()
}
