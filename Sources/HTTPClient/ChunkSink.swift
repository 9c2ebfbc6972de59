internal import Synchronization

/// Keeps a bounded part of a response's content until its consumer takes it.
final class ChunkSink: ResponseSink {
  /// What the consumer sees when it looks.
  enum Observation {
    case nothingYet
    case chunk([UInt8], wasPaused: Bool)
    case finished(Result<HTTPResponseHead, HTTPClientError>)
  }

  private struct State {
    var head: HTTPResponseHead?
    var buffered: [UInt8] = []
    var isPaused = false
    var result: Result<HTTPResponseHead, HTTPClientError>?
    /// Something changed since the consumer waited last.
    var hasChanged = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  /// Above this many bytes the peer is slowed down.
  private static let capacity = 256 << 10

  private let state = Mutex(State())

  func start() {}
  func end(isComplete: Bool) {}

  func begin(_ head: HTTPResponseHead) { change { $0.head = head } }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    change { state in
      state.isPaused = !state.buffered.isEmpty && state.buffered.count + bytes.count > Self.capacity
      if !state.isPaused { state.buffered.append(contentsOf: bytes) }
      return !state.isPaused
    }
  }

  func finish(_ result: Result<HTTPResponseHead, HTTPClientError>) { change { $0.result = result } }

  /// The head, once it is there.
  func observeHead() -> Result<HTTPResponseHead, HTTPClientError>? {
    state.withLock { state in state.head.map { .success($0) } ?? state.result }
  }

  /// Takes out what is buffered.
  func observe() -> Observation {
    state.withLock { state in
      if !state.buffered.isEmpty {
        defer { (state.buffered, state.isPaused) = ([], false) }
        return .chunk(state.buffered, wasPaused: state.isPaused)
      }
      return state.result.map { .finished($0) } ?? .nothingYet
    }
  }

  /// Returns at the next change, or at once if there was one since the last wait.
  func waitForChange() async {
    await withCheckedContinuation { continuation in
      let resumesNow = state.withLock { state in
        defer { state.hasChanged = false }
        if !state.hasChanged { state.waiter = continuation }
        return state.hasChanged
      }
      if resumesNow { continuation.resume() }
    }
  }

  private func change<Value>(_ body: (inout State) -> Value) -> Value {
    let (value, waiter) = state.withLock { state in
      let value = body(&state)
      let waiter = state.waiter
      state.waiter = nil
      state.hasChanged = waiter == nil
      return (value, waiter)
    }
    waiter?.resume()
    return value
  }
}
