internal import Glibc

/// An owned TCP socket, closed when it is dropped.
struct Socket: ~Copyable {
  let descriptor: Int32

  /// Takes the descriptor over.
  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  /// Hands the descriptor over to the caller, who closes it.
  consuming func release() -> Int32 {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  /// Connects to the first address of the host that answers. Blocks until then, at most until `deadline` (and for as
  /// long as the system looks the name up).
  static func connect(
    host: String, port: UInt16, deadline: ContinuousClock.Instant
  ) throws(AMQPError) -> Socket {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0, let list else {
      throw .connectionRefused(host: host, port: port, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(list) }
    var reason = "no address"
    for address in sequence(first: list, next: { $0.pointee.ai_next }) {
      let failure: Int32
      switch attempt(address.pointee, deadline: deadline) {
      case .connected(let descriptor): return Socket(owning: descriptor)
      case .failed(let code): failure = code
      }
      reason = systemMessage(failure)
      if failure == ETIMEDOUT { throw .timeout("connecting to \(host):\(port)") }
    }
    throw .connectionRefused(host: host, port: port, reason: reason)
  }

  private enum Attempt {
    case connected(Int32)
    case failed(Int32)
  }

  private static func attempt(_ address: addrinfo, deadline: ContinuousClock.Instant) -> Attempt {
    let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, type, address.ai_protocol)
    guard descriptor >= 0 else { return .failed(errno) }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var failure: Int32 = 0
    if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
      failure = errno == EINPROGRESS ? outcome(of: descriptor, deadline: deadline) : errno
    }
    if failure == 0 { return .connected(descriptor) }
    _ = close(descriptor)
    return .failed(failure)
  }

  /// Waits for a connection in progress.
  ///
  /// - Returns: zero, or an error number.
  private static func outcome(of descriptor: Int32, deadline: ContinuousClock.Instant) -> Int32 {
    guard waitFor(descriptor, POLLOUT, deadline: deadline) else { return ETIMEDOUT }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno
  }

  /// Blocks until the descriptor has one of the events.
  ///
  /// - Returns: false if the deadline came first.
  static func waitFor(_ descriptor: Int32, _ events: Int32, deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline).milliseconds
      guard left > 0 else { return false }
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&entry, 1, left)
      if count > 0 { return true }
      if count < 0, errno != EINTR { return false }
    }
  }
}

extension Duration {
  /// Whole milliseconds, rounded up, as `poll` takes them.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue + milliseconds)
  }
}
