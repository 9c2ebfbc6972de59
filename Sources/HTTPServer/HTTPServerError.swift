/// Why a server cannot serve.
package enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It is no numeric IPv4 or IPv6 address.
  case invalidAddress(String)
  /// The address cannot be had: somebody else listens there, or it is none of this machine's.
  case cannotListen(address: String, port: UInt16, reason: String)
  /// The library could not start: out of threads, memory or descriptors.
  case cannotStart

  package var description: String {
    switch self {
    case .invalidAddress(let text):
      "cannot listen on `\(text)`: expected a numeric address such as 127.0.0.1 or ::1"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address), port \(port): \(reason); choose another port, or stop who has it"
    case .cannotStart: "the server cannot start: out of threads, memory or descriptors; raise `ulimit -n` and `-u`"
    }
  }
}
