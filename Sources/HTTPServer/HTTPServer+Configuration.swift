extension HTTPServer {
  /// Where a server listens, and what it bears.
  package struct Configuration: Sendable {
    /// A numeric IPv4 or IPv6 address.
    package var address = "127.0.0.1"
    /// 0 chooses a free one; see ``HTTPServer/port``.
    package var port: UInt16 = 0
    /// Threads that read and write connections, and on which immediate routes are answered.
    package var threads = 2
    package var limits = Limits()
    /// Told of what a route's handler threw that is no ``HTTPProblem``: the client only learns that it failed.
    package var onFailure: @Sendable (any Error) -> Void = { _ in }

    package init() {}
  }

  /// What a client may ask of a server.
  package struct Limits: Sendable {
    /// Bytes of a connection's buffer, which the request line and all header fields must fit in.
    package var headerBytes = 32 << 10
    /// How long a connection may take for a request's head, from its opening or the answer before, and how long it may
    /// stand still in the middle of a body or an answer.
    package var idle = Duration.seconds(30)
    /// What a client must send of a body and take of an answer on average, in bytes a second, beyond ``idle``.
    package var slowestBytesPerSecond = 1024
    /// Open connections; more wait to be accepted.
    package var connections = 1024
    /// Open connections of one address; 0 for no limit of its own.
    package var connectionsPerAddress = 0
    /// How long requests may go on after a stop was asked for.
    package var grace = Duration.seconds(10)

    package init() {}
  }
}
