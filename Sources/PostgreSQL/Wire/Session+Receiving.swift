internal import CPostgreSQL

extension Session {
  /// Takes every result that arrived in full.
  ///
  /// - Returns: whether there was any.
  @discardableResult
  func takeResults() -> Bool {
    if case .copyingOut(let isAtEnd) = mode { return takeCopyData(isAtEnd: isAtEnd) }
    var hasTaken = false
    while ending == nil, isExpectingResults, PQisBusy(handle.pointer) == 0 {
      let result = PQgetResult(handle.pointer)
      if result == nil, PQstatus(handle.pointer) == CONNECTION_BAD {
        lose(handle.errorMessage)
        return true
      }
      hasTaken = true
      if case .alone(let work) = mode { take(result, of: work) } else { take(result) }
    }
    return hasTaken
  }

  private var isExpectingResults: Bool {
    switch mode {
    case .pipeline: !inFlight.isEmpty
    case .alone: true
    case .copying, .copyingOut: false
    }
  }

  // MARK: The pipeline

  private func take(_ result: OpaquePointer?) {
    guard let work = inFlight.first else { return PQclear(result) }
    guard let result else {
      work.step += 1
      return
    }
    switch PQresultStatus(result) {
    case PGRES_PIPELINE_SYNC:
      PQclear(result)
      _ = inFlight.popFirst()
      finish(work)
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      // The last one stays: `BEGIN` and `Parse` come before the statement itself.
      work.rows = ResultHandle(taking: result)
    case PGRES_PIPELINE_ABORTED:
      PQclear(result)
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      PQclear(result)
      work.failure = (work.step, .invalidStatement("COPY has methods of its own: copyRows and copyBytes"))
      lose("a COPY was sent as a statement, which leaves the connection unusable")
    default:
      if work.failure == nil { work.failure = (work.step, error(in: result, of: work)) }
      PQclear(result)
    }
  }

  private func finish(_ work: Work) {
    settleCache(after: work)
    // The next one may have been asked to stop while it waited for its turn on the server.
    if let next = inFlight.first, next.stop != nil { wake(at: .now) }
    if let stop = work.stop, case .server(let error)? = work.failure?.error, error.sqlState == .queryCanceled {
      fail(work, work.stopError(stop))
    } else if let failure = work.failure {
      fail(work, failure.error)
    } else if let rows = work.rows {
      work.complete(.success(PostgresRows(handle: rows)))
    } else {
      work.complete(.failure(.invalidStatement("the server gave no result")))
    }
  }

  private func settleCache(after work: Work) {
    if let name = work.deallocating, work.failure != nil { cache.condemn(name) }
    let parseStep = work.begin == nil ? 0 : 1
    if let key = work.preparing {
      if let failure = work.failure, failure.step <= parseStep { cache.forget(key) } else { cache.confirm(key) }
    }
    if case .server(let error)? = work.failure?.error, error.isStalePreparedStatement {
      cache.forget(StatementCache.Key(text: work.text, types: work.binds.types))
    }
  }

  private func error(in result: OpaquePointer, of work: Work) -> PostgresError {
    if let report = PostgresServerError(reportIn: result) { return .server(report) }
    let message = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
    return .connectionLost(PostgresConnectionLoss(message: message, serverError: nil, wasSent: work.isSent))
  }

  // MARK: Outside of the pipeline

  private func take(_ result: OpaquePointer?, of work: Work) {
    guard let result else {
      guard PQenterPipelineMode(handle.pointer) != 0 else { return lose(handle.errorMessage) }
      mode = .pipeline
      return finish(work)
    }
    switch PQresultStatus(result) {
    case PGRES_COPY_IN where work.kind == .copy && work.rows == nil:
      mode = .copying
      work.complete(.success(PostgresRows(handle: ResultHandle(taking: result))))
    case PGRES_COPY_OUT where work.kind == .copyOut && work.rows == nil:
      mode = .copyingOut(isAtEnd: false)
      work.complete(.success(PostgresRows(handle: ResultHandle(taking: result))))
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      PQclear(result)
      work.failure = (0, .invalidStatement("COPY has methods of its own: copyRows and copyBytes"))
      lose("a COPY was sent in a script, which leaves the connection unusable")
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      work.rows = ResultHandle(taking: result)
    default:
      if work.failure == nil { work.failure = (0, error(in: result, of: work)) }
      PQclear(result)
    }
  }
}
