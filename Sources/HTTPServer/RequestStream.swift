internal import Synchronization

/// The body of a request as it arrives. One reader at a time.
package final class RequestStream: Sendable {
  private enum End {
    case finished
    case failed(any Error)
  }

  private struct State {
    var chunks: [[UInt8]] = []
    var buffered = 0
    var received: Int64 = 0
    var end: End?
    var reader: CheckedContinuation<[UInt8]?, any Error>?
    /// Asks the connection to read on; set while it does not.
    var resume: (@Sendable () -> Void)?
  }

  /// What is kept of a fast client's body before the connection is no longer read.
  private static let capacity = 256 << 10

  private let limit: Int64
  private let state = Mutex(State())

  init(limit: Int64) { self.limit = limit }

  /// The next bytes; nil at the end of the body.
  ///
  /// - Throws: ``HTTPProblem`` (413) beyond the route's limit, ``ConnectionLost``, or `CancellationError`.
  package func next() async throws -> [UInt8]? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, resume) = state.withLock { state -> (Result<[UInt8]?, any Error>?, (@Sendable () -> Void)?) in
          if !state.chunks.isEmpty {
            let chunk = state.chunks.removeFirst()
            state.buffered -= chunk.count
            let resume = state.buffered < Self.capacity / 2 ? state.resume.take() : nil
            return (.success(chunk), resume)
          }
          switch state.end {
          case .finished: return (.success(nil), nil)
          case .failed(let error): return (.failure(error), nil)
          case nil where Task.isCancelled: return (.failure(CancellationError()), nil)
          case nil:
            state.reader = continuation
            return (nil, state.resume.take())
          }
        }
        resume?()
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.reader.take() }?.resume(throwing: CancellationError())
    }
  }

  /// What became of bytes that came.
  enum Reception {
    case taken
    /// Nothing more should be read for now.
    case full
    case tooLong
  }

  /// Takes what came. On the connection's thread.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
    let (reader, chunk, reception) = state.withLock {
      state -> (CheckedContinuation<[UInt8]?, any Error>?, [UInt8], Reception) in
      guard state.end == nil else { return (nil, [], .tooLong) }
      state.received += Int64(bytes.count)
      guard state.received <= limit else { return (nil, [], .tooLong) }
      let chunk = Array(bytes)
      if let reader = state.reader.take() { return (reader, chunk, .taken) }
      state.chunks.append(chunk)
      state.buffered += chunk.count
      return (nil, [], state.buffered >= Self.capacity ? .full : .taken)
    }
    if case .tooLong = reception {
      end(throwing: HTTPProblem(413, "expected a body of at most \(limit) bytes, came more"))
    }
    reader?.resume(returning: chunk)
    return reception
  }

  /// Has `resume` called once when bytes are wanted: at once if somebody waits for them already.
  func pause(resume: @escaping @Sendable () -> Void) {
    let isWanted = state.withLock { state in
      let isWanted = state.reader != nil || state.end != nil || state.buffered < Self.capacity / 2 && state.received > 0
      if !isWanted { state.resume = resume }
      return isWanted
    }
    if isWanted { resume() }
  }

  /// Says that the body is over, or why it will not come; only the first time counts.
  func end(throwing error: (any Error)? = nil) {
    let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
      guard state.end == nil else { return nil }
      state.end = error.map { .failed($0) } ?? .finished
      state.resume = nil
      return state.reader.take()
    }
    if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
  }
}

/// The client went away, or the server cut it off.
package struct ConnectionLost: Error, Equatable, CustomStringConvertible {
  package var description: String { "the connection to the client ended" }
}
