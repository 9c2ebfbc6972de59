internal import CPostgreSQL

/// Somebody who waits until libpq has written all it holds.
struct DrainWaiter {
  typealias Answer = Result<Void, PostgresError>
  let limit: Duration
  let deadline: ContinuousClock.Instant
  private let continuation: CheckedContinuation<Answer, Never>

  init(limit: Duration, continuation: CheckedContinuation<Answer, Never>) {
    self.limit = limit
    deadline = .now + limit
    self.continuation = continuation
  }

  func resume(_ answer: Answer) { continuation.resume(returning: answer) }
}

extension Session {
  /// Gives data to a COPY. Call ``drain(_:)`` before more of it.
  func writeCopyData(_ bytes: [UInt8]) throws(PostgresError) {
    if let ending { throw ending }
    let status = bytes.withUnsafeBytes { buffer in
      PQputCopyData(
        handle.pointer, buffer.assumingMemoryBound(to: CChar.self).baseAddress, Int32(clamping: buffer.count))
    }
    guard status == 1 else {
      lose(handle.errorMessage)
      throw ending ?? .closed
    }
  }

  /// Answers once everything is written.
  func drain(_ waiter: DrainWaiter) {
    if let ending { return waiter.resume(.failure(ending)) }
    drainWaiter = waiter
    wake(at: waiter.deadline)
    flush()
  }

  /// Ends the wait of ``drain(_:)``.
  func cancelDrain() {
    drainWaiter?.resume(.failure(.cancelled))
    drainWaiter = nil
  }

  /// Ends a COPY; `work` is answered as the COPY is.
  ///
  /// - Parameter failure: makes the server fail the COPY with this text, so that none of its rows is kept.
  func endCopy(_ work: Work, failure: String?) {
    if let ending { return work.complete(.failure(ending)) }
    work.isSent = true
    mode = .alone(work)
    wake(at: work.deadline)
    guard PQputCopyEnd(handle.pointer, failure) == 1 else { return lose(handle.errorMessage) }
  }
}
