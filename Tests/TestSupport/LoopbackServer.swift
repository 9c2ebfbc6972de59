internal import Concurrency
internal import Glibc
internal import Synchronization

/// A server of raw sockets on the loopback address, so that a test can answer as badly as it likes.
package final class LoopbackServer: Sendable {
  package let port: UInt16
  private let listener: Int32
  private let connectionCount = Mutex(0)

  /// How many connections were accepted.
  package var connections: Int { connectionCount.withLock { $0 } }

  /// - Parameter handle: runs on a thread of its own for each connection, which is closed when it returns.
  package init(_ handle: @escaping @Sendable (Connection) -> Void) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        precondition(bind(listener, pointer, length) == 0 && listen(listener, 64) == 0)
        precondition(getsockname(listener, pointer, &length) == 0)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
    self.listener = listener
    startThread(name: "test-server") { [self] in
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        connectionCount.withLock { $0 += 1 }
        startThread(name: "test-connection") {
          let connection = Connection(descriptor: descriptor)
          handle(connection)
          connection.close()
        }
      }
    }
  }

  package func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    Glibc.close(listener)
  }

  /// One accepted connection, used by its thread alone.
  package struct Connection {
    let descriptor: Int32

    /// What came: the head and the content that its Content-Length announces; nil if the peer closed.
    package func readRequest() -> (head: String, body: String)? {
      var bytes: [UInt8] = []
      while true {
        if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
          let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
          let length = head.split(separator: "\r\n").compactMap { line in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
          }.first
          if bytes.count - end.upperBound >= length ?? 0 {
            return (head, String(decoding: bytes[end.upperBound...], as: UTF8.self))
          }
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return nil }
        bytes += buffer[..<count]
      }
    }

    /// - Returns: false when the peer is gone.
    @discardableResult package func write(_ text: String) -> Bool {
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    /// Writes until the peer takes no more for half a second.
    ///
    /// - Returns: how many bytes it took.
    package func writeUntilBlocked(atMost limit: Int) -> Int {
      let chunk = [UInt8](repeating: 0, count: 65536)
      var total = 0
      while total < limit {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard Glibc.poll(&poll, 1, 500) == 1 else { break }
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = send(descriptor, chunk, chunk.count, flags)
        guard count > 0 else { break }
        total += count
      }
      return total
    }

    /// Returns when the peer is gone.
    package func waitForClose() {
      var byte: UInt8 = 0
      while read(descriptor, &byte, 1) > 0 {}
    }

    func close() { Glibc.close(descriptor) }
  }
}

/// Runs `body` with the URL of a server that answers as `handle` does.
package func withServer<Result>(
  _ handle: @escaping @Sendable (LoopbackServer.Connection) -> Void,
  _ body: (_ url: String, _ server: LoopbackServer) async throws -> Result
) async rethrows -> Result {
  let server = LoopbackServer(handle)
  defer { server.stop() }
  return try await body("http://127.0.0.1:\(server.port)", server)
}

/// A connection that answers every request with what `answer` makes of it.
package func answering(
  _ answer: @escaping @Sendable (_ head: String, _ body: String) -> String
) -> @Sendable (LoopbackServer.Connection) -> Void {
  { connection in
    while let (head, body) = connection.readRequest() {
      if !connection.write(answer(head, body)) { return }
    }
  }
}

/// A response of status 200.
package func ok(_ body: String, headers: String = "") -> String {
  "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
