import Concurrency
import FoundationEssentials
import Glibc
import Synchronization

/// A network between workers and a service, which a test can drop, cut and turn elsewhere.
///
/// Each connection has two threads, one a direction, that read and write blocking.
final class Proxy: Sendable {
  /// What becomes of bytes on their way from the server.
  enum Verdict: Sendable {
    case pass
    /// They are lost, and the connection is reset.
    case cut
  }

  private struct State {
    var upstream: UInt16
    var isDropping = false
    var isClosed = false
    var judge: (@Sendable (ArraySlice<UInt8>) -> Verdict)?
    var connections: [Int: Connection] = [:]
    var next = 0
  }

  private struct Connection {
    let client: Int32
    let server: Int32
    var open = 2
  }

  private let port: UInt16
  private let listener: Int32
  private let state: Mutex<State>

  /// Listens on a port of its own, and connects to `upstream` for each who connects.
  init(to upstream: UInt16) throws {
    state = Mutex(State(upstream: upstream))
    (listener, port) = try Self.listen()
    startThread(name: "proxy") { [self] in
      while true {
        let client = accept(listener, nil, nil)
        if client >= 0 { admit(client) } else if errno != EINTR { return }
      }
    }
  }

  /// The same URL with the proxy's port.
  func url(_ text: String) -> String {
    var components = URLComponents(string: text)
    components?.port = Int(port)
    return components?.string ?? text
  }

  /// Lets nothing through any more, and tells nobody: packets are lost on the way.
  func drop() { state.withLock { $0.isDropping = true } }

  /// Lets through again what comes from now on. What was on its way comes late, as it would by retransmission.
  func restore() { state.withLock { $0.isDropping = false } }

  /// Resets all connections.
  func cut() {
    let connections = state.withLock { Array($0.connections.values) }
    for connection in connections { Self.reset(connection) }
  }

  /// Leads new connections elsewhere, and resets those that are.
  func turn(to upstream: UInt16) {
    state.withLock { $0.upstream = upstream }
    cut()
  }

  /// Has every chunk of bytes from the server judged; nil for none.
  func judge(_ judge: (@Sendable (ArraySlice<UInt8>) -> Verdict)?) { state.withLock { $0.judge = judge } }

  func close() {
    state.withLock { $0.isClosed = true }
    shutdown(listener, Int32(SHUT_RDWR))
    Glibc.close(listener)
    cut()
  }

  // MARK: Connections

  private func admit(_ client: Int32) {
    guard let server = Self.connect(to: state.withLock { $0.upstream }) else {
      Glibc.close(client)
      return
    }
    let number = state.withLock { state in
      state.next += 1
      state.connections[state.next] = Connection(client: client, server: server)
      return state.next
    }
    startThread(name: "proxy-up") { [self] in forward(from: client, to: server, of: number, isFromServer: false) }
    startThread(name: "proxy-down") { [self] in forward(from: server, to: client, of: number, isFromServer: true) }
  }

  private func forward(from source: Int32, to target: Int32, of number: Int, isFromServer: Bool) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    reading: while true {
      let count = recv(source, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      while state.withLock({ $0.isDropping && !$0.isClosed }) { usleep(10_000) }
      if isFromServer, let judge = state.withLock({ $0.judge }), case .cut = judge(buffer[..<count]) { break }
      var sent = 0
      while sent < count {
        let written = buffer.withUnsafeBytes {
          send(target, $0.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
        }
        guard written > 0 else { break reading }
        sent += written
      }
    }
    leave(number)
  }

  /// One direction has ended, and takes the other with it; who comes last closes both.
  private func leave(_ number: Int) {
    let ended = state.withLock { state -> Connection? in
      guard var connection = state.connections[number] else { return nil }
      connection.open -= 1
      state.connections[number] = connection.open > 0 ? connection : nil
      return connection
    }
    guard let ended else { return }
    Self.reset(ended)
    guard ended.open == 0 else { return }
    Glibc.close(ended.client)
    Glibc.close(ended.server)
  }

  /// Wakes both directions; their threads close the descriptors.
  private static func reset(_ connection: Connection) {
    shutdown(connection.client, Int32(SHUT_RDWR))
    shutdown(connection.server, Int32(SHUT_RDWR))
  }

  // MARK: Sockets

  private static func listen() throws -> (Int32, UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && Glibc.listen(listener, 128) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard status else { throw Unavailable("cannot listen: \(String(cString: strerror(errno)))") }
    return (listener, UInt16(bigEndian: address.sin_port))
  }

  private static func connect(to port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status == 0 { return descriptor }
    Glibc.close(descriptor)
    return nil
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
