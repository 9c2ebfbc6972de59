internal import Glibc
internal import Synchronization

/// A connection from its opening to its closing, and how long its client may take for what is its turn.
final class ServedConnection: Sendable {
  private static let never = Int64.max

  let descriptor: Int32
  private let limits: HTTPServer.Limits
  /// In milliseconds of the coarse monotonic clock.
  private let deadline: Atomic<Int64>
  private let isBetweenRequests = Atomic(true)
  private let exchange = Mutex<Exchange?>(nil)

  init(descriptor: Int32, limits: HTTPServer.Limits) {
    self.descriptor = descriptor
    self.limits = limits
    deadline = Atomic(Self.now + limits.idle.milliseconds)
  }

  /// The request that async code works on.
  var current: Exchange? {
    get { exchange.withLock { $0 } }
    set { exchange.withLock { $0 = newValue } }
  }

  /// The next request's head is what comes.
  func awaitHead() {
    isBetweenRequests.store(true, ordering: .sequentiallyConsistent)
    grant(bytes: 0)
  }

  /// A head came.
  func beginRequest() {
    isBetweenRequests.store(false, ordering: .sequentiallyConsistent)
    grant(bytes: 0)
  }

  /// The client's time begins anew, for as many bytes to come or go.
  func grant(bytes: Int) {
    deadline.store(Self.now + limits.idle.milliseconds + time(for: bytes), ordering: .relaxed)
  }

  /// Bytes came or went: the client has earned the time that they may take.
  func progress(bytes: Int) {
    let now = Self.now
    let old = min(deadline.load(ordering: .relaxed), now + limits.idle.milliseconds)
    deadline.store(old + time(for: bytes), ordering: .relaxed)
  }

  private func time(for bytes: Int) -> Int64 { Int64(bytes) * 1000 / Int64(max(limits.slowestBytesPerSecond, 1)) }

  /// It is our turn: the client is not to blame.
  func pause() { deadline.store(Self.never, ordering: .relaxed) }

  /// Whether the client took too long.
  var isLate: Bool { deadline.load(ordering: .relaxed) < Self.now }

  /// Whether no request is being answered.
  var isIdle: Bool { isBetweenRequests.load(ordering: .sequentiallyConsistent) }

  /// Ends the connection; the daemon sees it and closes it. Only while it is not closed.
  func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Takes nothing more from the client than what has come.
  func stopReading() { shutdown(descriptor, Int32(SHUT_RD)) }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 { Int64((self / .milliseconds(1)).rounded(.up)) }
}
