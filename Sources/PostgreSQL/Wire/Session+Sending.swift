internal import CPostgreSQL

extension Session {
  /// Sends as much of what waits as may be in flight.
  func sendWaiting() {
    guard ending == nil, case .pipeline = mode else { return }
    while !isStopping, inFlight.count < Self.inFlightLimit, let work = waiting.first {
      // Behind a BEGIN nothing goes until it is known to have succeeded: it would be done without the transaction.
      guard inFlight.last?.begin == nil else { return }
      if work.kind == .statement {
        guard deallocateCondemned() else { return }
        _ = waiting.popFirst()
        guard send(work) else { return }
      } else {
        guard inFlight.isEmpty else { return }
        _ = waiting.popFirst()
        return sendAlone(work)
      }
    }
  }

  /// Whether something in flight is being cancelled: what is sent now could be hit.
  private var isStopping: Bool { isCancelling || inFlight.first?.stop != nil }

  /// Puts a statement into the pipeline; false if the connection was lost over it.
  private func send(_ work: Work) -> Bool {
    work.isSent = true
    inFlight.append(work)
    let isSent = sendBegin(of: work) && sendStatement(work) && PQpipelineSync(handle.pointer) != 0
    if !isSent { lose(handle.errorMessage) }
    // When the server has hung up, libpq reads its last words with the first write that fails, and forgets what they
    // answer with the second.
    takeResults()
    return ending == nil
  }

  private func sendBegin(of work: Work) -> Bool {
    guard let begin = work.begin else { return true }
    return PQsendQueryParams(handle.pointer, begin, 0, nil, nil, nil, nil, PostgresFormat.binary.rawValue) != 0
  }

  private func sendStatement(_ work: Work) -> Bool {
    let connection = handle.pointer
    let key = StatementCache.Key(text: work.text, types: work.binds.types)
    let use = work.isRepeatable ? cache.use(key) : .unnamed
    let count = Int32(work.binds.count)
    let binary = PostgresFormat.binary.rawValue
    return work.binds.withPointers { types, values, lengths, formats in
      switch use {
      case .unnamed:
        return PQsendQueryParams(connection, work.text, count, types, values, lengths, formats, binary) != 0
      case .prepare(let name):
        work.preparing = key
        return PQsendPrepare(connection, name, work.text, count, types) != 0
          && PQsendQueryPrepared(connection, name, count, values, lengths, formats, binary) != 0
      case .execute(let name):
        return PQsendQueryPrepared(connection, name, count, values, lengths, formats, binary) != 0
      }
    }
  }

  /// Sends a script or the beginning of a COPY, outside of the pipeline.
  private func sendAlone(_ work: Work) {
    work.isSent = true
    mode = .alone(work)
    guard PQexitPipelineMode(handle.pointer) != 0, PQsendQuery(handle.pointer, work.text) != 0 else {
      return lose(handle.errorMessage)
    }
  }

  /// Frees what the cache gave up; what the server cannot free within a failed transaction is tried again later.
  ///
  /// - Returns: false if the connection was lost over it.
  private func deallocateCondemned() -> Bool {
    guard !cache.condemned.isEmpty, PQtransactionStatus(handle.pointer) != PQTRANS_INERROR else { return true }
    for name in cache.takeCondemned() {
      let sent =
        PQsendQueryParams(
          handle.pointer, "deallocate \(name)", 0, nil, nil, nil, nil, PostgresFormat.binary.rawValue) != 0
        && PQpipelineSync(handle.pointer) != 0
      guard sent else {
        lose(handle.errorMessage)
        return false
      }
      inFlight.append(Work(deallocating: name, id: makeID(), limit: configuration.statementTimeout))
    }
    return true
  }
}
