internal import Glibc
internal import Synchronization

/// The signals that this process receives, as a stream.
package enum Signals {
  /// Receives signals from now on, instead of what they would do otherwise, until the stream is given up.
  ///
  /// Safe with any number of threads: whichever the kernel picks only writes a byte to a pipe, which a thread of its
  /// own reads.
  package static func stream(of signals: [Signal]) -> AsyncStream<Signal> {
    let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(16))
    let id = receiver.add(signals, continuation)
    continuation.onTermination = { _ in receiver.remove(id) }
    return stream
  }

  private static let receiver = SignalReceiver()
}

/// Where the handler writes the number of a signal; negative before the first receiver.
///
/// A global, because a signal handler has no other context. It is set before any handler is installed, so the handler
/// only loads it, which is safe in a handler.
private let pipeEnd = Atomic<Int32>(-1)

private final class SignalReceiver: Sendable {
  private struct Listener {
    let signals: [Signal]
    let continuation: AsyncStream<Signal>.Continuation
  }

  private struct State {
    var listeners: [Int: Listener] = [:]
    var nextID = 0
  }

  private let state = Mutex(State())

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no file descriptor left to receive signals (errno \(errno)); raise `ulimit -n`")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A handler must not wait, whatever comes.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    let readEnd = ends[0]
    startThread(name: "signals") { [self] in
      var number: UInt8 = 0
      // The pipe lives as long as the process.
      while read(readEnd, &number, 1) == 1 || errno == EINTR { deliver(Signal(number: Int32(number))) }
    }
  }

  func add(_ signals: [Signal], _ continuation: AsyncStream<Signal>.Continuation) -> Int {
    state.withLock { state in
      state.nextID += 1
      state.listeners[state.nextID] = Listener(signals: signals, continuation: continuation)
      for signal in signals { install(signal) }
      return state.nextID
    }
  }

  /// What nobody listens to any more does again what it does by default.
  func remove(_ id: Int) {
    state.withLock { state in
      guard let removed = state.listeners.removeValue(forKey: id) else { return }
      for signal in removed.signals where !state.listeners.values.contains(where: { $0.signals.contains(signal) }) {
        Glibc.signal(signal.number, SIG_DFL)
      }
    }
  }

  private func install(_ signal: Signal) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let before = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(pipeEnd.load(ordering: .relaxed), &byte, 1)
      errno = before
    }
    action.sa_flags = SA_RESTART
    sigaction(signal.number, &action, nil)
  }

  private func deliver(_ signal: Signal) {
    let listeners = state.withLock { $0.listeners.values.filter { $0.signals.contains(signal) } }
    for listener in listeners { listener.continuation.yield(signal) }
  }
}
