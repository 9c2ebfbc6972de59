internal import CCurl
internal import Glibc

/// The address that a connection goes to.
package struct PeerAddress: Sendable, Hashable {
  /// In network order: 4 bytes of IPv4 or 16 of IPv6.
  package let bytes: [UInt8]

  /// Nil if curl's address is of neither family.
  init?(_ address: UnsafePointer<curl_sockaddr>) {
    // Behind the declared fields curl keeps room for the largest address; `addrlen` tells how much of it is used.
    let start = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
    let length = Int(address.pointee.addrlen)
    switch address.pointee.family {
    case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
      bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
    case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
      bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    default: return nil
    }
  }
}
