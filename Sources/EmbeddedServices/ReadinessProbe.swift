internal import Concurrency
internal import Glibc

/// Asks a server in the first bytes of its own protocol whether it takes clients.
package struct ReadinessProbe: Sendable {
  let greeting: [UInt8]
  /// The first byte of the answer of a server that is ready.
  let expected: UInt8

  /// AMQP 0-9-1: the protocol header is answered with the method frame `connection.start` (frame type 1).
  package static let amqp = ReadinessProbe(greeting: Array("AMQP".utf8) + [0, 0, 9, 1], expected: 1)

  /// PostgreSQL protocol 3.0: a startup message is answered with a request for authentication, `R`; a server that
  /// is starting up or shutting down answers with an error, `E`.
  package static func postgresql(user: String, database: String) -> ReadinessProbe {
    var body: [UInt8] = [0, 3, 0, 0]
    for text in ["user", user, "database", database] { body += Array(text.utf8) + [0] }
    body.append(0)
    return ReadinessProbe(greeting: [0, 0, 0, UInt8(body.count + 4)] + body, expected: UInt8(ascii: "R"))
  }

  /// How long one attempt may take, in seconds.
  private static let timeout = 2

  /// Whether the server on the port is ready. Blocks a thread of its own.
  package func succeeds(port: UInt16) async -> Bool {
    await withCheckedContinuation { continuation in
      startThread(name: "probe") { continuation.resume(returning: succeedsBlocking(port: port)) }
    }
  }

  private func succeedsBlocking(port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: Self.timeout, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    guard LoopbackPort.withLoopbackAddress(port, { connect(descriptor, $0, $1) }) == 0,
      send(descriptor, greeting, greeting.count, Int32(MSG_NOSIGNAL)) == greeting.count
    else { return false }
    var first: UInt8 = 0
    return recv(descriptor, &first, 1, 0) == 1 && first == expected
  }
}
