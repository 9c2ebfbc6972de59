internal import CPostgreSQL

/// Somebody who waits for data of a COPY.
struct CopyWaiter {
  /// None at the end of the data.
  typealias Answer = Result<[UInt8], PostgresError>
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
  /// What is handed on at once, in bytes, and the rest of a row.
  private static let copyChunk = 64 * 1024

  /// Whether what arrives is wanted.
  var isReading: Bool {
    if case .copyingOut = mode { copyWaiter != nil } else { true }
  }

  /// Answers with the next data of a COPY, once some is there.
  func readCopyData(_ waiter: CopyWaiter) {
    if let ending { return waiter.resume(.failure(ending)) }
    copyWaiter = waiter
    wake(at: waiter.deadline)
  }

  /// Hands what arrived to whoever waits for it.
  ///
  /// - Returns: whether there was any, or the end.
  func takeCopyData(isAtEnd: Bool) -> Bool {
    guard ending == nil, let waiter = copyWaiter else { return false }
    var bytes: [UInt8] = []
    while !isAtEnd, bytes.count < Self.copyChunk {
      var row: UnsafeMutablePointer<CChar>?
      let count = PQgetCopyData(handle.pointer, &row, 1)
      guard count > 0, let row else {
        if count == 0, bytes.isEmpty { return false }
        // It says so once. What is wrong, if anything is, the result says that follows.
        if count < 0 { mode = .copyingOut(isAtEnd: true) }
        break
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(count)))
      // It is ours since `PQgetCopyData` gave it.
      PQfreemem(row)
    }
    copyWaiter = nil
    waiter.resume(.success(bytes))
    return true
  }

  /// Ends the wait of ``readCopyData(_:)``.
  func cancelCopyRead() {
    copyWaiter?.resume(.failure(.cancelled))
    copyWaiter = nil
  }

  func expireCopyRead(_ now: ContinuousClock.Instant) {
    guard let waiter = copyWaiter, waiter.deadline <= now else { return }
    copyWaiter = nil
    waiter.resume(.failure(.timeout(after: waiter.limit, isOutcomeKnown: true)))
  }

  /// Ends a COPY whose data was read to its end; `work` is answered as the COPY is.
  func endCopyOut(_ work: Work) {
    if let ending { return work.complete(.failure(ending)) }
    work.isSent = true
    mode = .alone(work)
    wake(at: work.deadline)
  }
}
