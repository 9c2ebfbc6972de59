internal import Glibc

/// TCP ports of the loopback interface.
package enum LoopbackPort {
  /// Where ports are chosen from: below the range that the kernel gives to outgoing connections.
  private static let candidates: ClosedRange<UInt16> = 20000...31999

  /// Whether a server could listen on the port now.
  static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // As servers do: connections of a predecessor that linger are no obstacle.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return withLoopbackAddress(port) { bind(descriptor, $0, $1) } == 0 && listen(descriptor, 1) == 0
  }

  /// The given port if it is free and not in `taken`, else another that is.
  package static func choose(preferring preferred: UInt16?, avoiding taken: Set<UInt16>) -> UInt16 {
    if let preferred, !taken.contains(preferred), isFree(preferred) { return preferred }
    while true {
      let port = UInt16.random(in: candidates)
      if !taken.contains(port), isFree(port) { return port }
    }
  }

  /// Calls `body` with the socket address of the port and the address's size.
  static func withLoopbackAddress<R>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
