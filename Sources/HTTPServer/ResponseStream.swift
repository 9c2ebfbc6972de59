internal import CMicroHTTPD
internal import Synchronization

/// Between a producer, who writes when it can, and the connection, which asks when the client has room.
final class ResponseStream: Sendable {
  private struct State {
    var buffer: [UInt8] = []
    /// Bytes of the buffer that are sent already.
    var sent = 0
    var isEnded = false
    var isBroken = false
    /// The connection waits for bytes.
    var isSuspended = false
    var writer: CheckedContinuation<Void, any Error>?
    var task: Task<Void, Never>?
  }

  /// What a producer may be ahead of its client.
  private static let capacity = 64 << 10

  private let connection: DaemonConnection
  private let served: ServedConnection?
  private let state = Mutex(State())

  init(connection: DaemonConnection) {
    self.connection = connection
    served = connection.served
  }

  /// Starts the producer.
  func start(_ produce: @escaping @Sendable (ResponseWriter) async throws -> Void) {
    let task = Task { [self] in
      do {
        try await produce(ResponseWriter(stream: self))
        end()
      } catch { breakOff() }
    }
    state.withLock { $0.task = task }
  }

  /// Appends bytes, and waits while the client has not taken enough of those before.
  func write(_ bytes: [UInt8]) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let (result, wakes) = state.withLock { state -> (Result<Void, any Error>?, Bool) in
          if Task.isCancelled { return (.failure(CancellationError()), false) }
          if state.isBroken { return (.failure(ConnectionLost()), false) }
          state.buffer += bytes
          let wakes = state.isSuspended
          state.isSuspended = false
          if state.buffer.count - state.sent <= Self.capacity { return (.success(()), wakes) }
          state.writer = continuation
          return (nil, wakes)
        }
        if wakes { connection.resume() }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.writer.take() }?.resume(throwing: CancellationError())
    }
  }

  private func end() {
    wake { $0.isEnded = true }
  }

  /// Ends the answer in its middle: the producer failed, or the server stops.
  func breakOff() {
    wake { state in
      state.isBroken = true
      state.task?.cancel()
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let (wakes, writer) = state.withLock { state in
      change(&state)
      defer { state.isSuspended = false }
      return (state.isSuspended, state.isBroken ? state.writer.take() : nil)
    }
    if wakes { connection.resume() }
    writer?.resume(throwing: ConnectionLost())
  }

  /// Nobody asks any more: the answer is sent or the client is gone.
  func close() {
    let (task, writer) = state.withLock { state in
      state.isBroken = true
      return (state.task, state.writer.take())
    }
    task?.cancel()
    writer?.resume(throwing: ConnectionLost())
  }

  /// Hands bytes to the connection, and suspends it where there are none. On the connection's thread.
  ///
  /// - Returns: what the library's content reader returns.
  func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    let (count, writer) = state.withLock { state -> (Int, CheckedContinuation<Void, any Error>?) in
      if state.isBroken { return (cmicrohttpd_end_with_error, nil) }
      let waiting = state.buffer.count - state.sent
      guard waiting > 0 else {
        if state.isEnded { return (cmicrohttpd_end_of_stream, nil) }
        // Inside the lock: whoever writes next sees that it is suspended, and not before it is.
        state.isSuspended = true
        served?.pause()
        connection.suspend()
        return (0, nil)
      }
      let count = min(waiting, target.count)
      state.buffer.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[state.sent...].prefix(count)))
      }
      state.sent += count
      if state.sent == state.buffer.count {
        state.buffer.removeAll(keepingCapacity: true)
        state.sent = 0
      } else if state.sent > Self.capacity {
        state.buffer.removeFirst(state.sent)
        state.sent = 0
      }
      let hasRoom = state.buffer.count - state.sent <= Self.capacity / 2
      return (count, hasRoom ? state.writer.take() : nil)
    }
    if count > 0 { served?.progress(bytes: count) }
    writer?.resume()
    return count
  }
}
