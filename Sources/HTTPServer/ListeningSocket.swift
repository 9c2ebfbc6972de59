internal import Glibc

/// A bound socket that clients connect to.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  let port: UInt16

  private static let backlog: Int32 = 1024

  /// - Throws: ``HTTPServerError`` if the address is none or cannot be had.
  init(address: String, port: UInt16) throws(HTTPServerError) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, "\(port)", &hints, &list) == 0, let found = list?.pointee else {
      throw .invalidAddress(address)
    }
    defer { freeaddrinfo(list) }
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    descriptor = socket(found.ai_family, flags, 0)
    var yes: Int32 = 1
    guard descriptor >= 0 else { throw Self.failure(address, port) }
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, found.ai_addr, found.ai_addrlen) == 0, listen(descriptor, Self.backlog) == 0,
      let bound = Self.port(of: descriptor)
    else {
      let failure = Self.failure(address, port)
      close(descriptor)
      throw failure
    }
    self.port = bound
  }

  private static func failure(_ address: String, _ port: UInt16) -> HTTPServerError {
    .cannotListen(address: address, port: port, reason: String(cString: strerror(errno)))
  }

  private static func port(of descriptor: Int32) -> UInt16? {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    // The port is at the same place for both families.
    return status == 0 ? UInt16(bigEndian: address.sin6_port) : nil
  }
}
