internal import Glibc

/// Whether a port that a server of ours wants is free.
package struct PortFinding: Sendable, Equatable {
  let name: String
  let port: UInt16
  let isFree: Bool

  package init(name: String, port: UInt16, isFree: Bool) {
    self.name = name
    self.port = port
    self.isFree = isFree
  }

  /// The check that follows from it.
  package func judge() -> Check {
    guard !isFree else { return .pass("port \(port)", "free for \(name)") }
    return .warn(
      "port \(port)", "taken, so \(name) cannot start here unless it is what has it",
      fix: "see who has it with `ss -ltnp 'sport = :\(port)'`, or choose another port")
  }

  /// Tries to listen on the port of the loopback address.
  static func probe(_ name: String, port: UInt16) -> PortFinding {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return PortFinding(name: name, port: port, isFree: false) }
    defer { close(descriptor) }
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    let status = withUnsafeBytes(of: address) { bytes in
      bind(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
    }
    return PortFinding(name: name, port: port, isFree: status == 0)
  }
}
