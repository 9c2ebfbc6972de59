extension PostgresConnection {
  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  ///
  /// `BEGIN` goes out together with the first statement; a body that sends none costs nothing. Commit and rollback are
  /// done even if the task is cancelled meanwhile. Transactions on one connection do not nest.
  package nonisolated func withTransaction<Value, Failure: Error>(
    isolation: PostgresIsolation = .readCommitted, isReadOnly: Bool = false,
    _ body: (PostgresTransaction) async throws(Failure) -> Value
  ) async throws(PostgresTransactionError<Failure>) -> Value {
    let transaction: PostgresTransaction
    do throws(PostgresError) {
      transaction = try await open(isolation, isReadOnly: isReadOnly)
    } catch {
      throw .begin(error)
    }
    let value: Value
    do throws(Failure) {
      value = try await body(transaction)
    } catch {
      throw await rollBack(transaction, because: error)
    }
    if let failure: PostgresTransactionError<Failure> = await commit(transaction) { throw failure }
    return value
  }

  private func open(_ isolation: PostgresIsolation, isReadOnly: Bool) throws(PostgresError) -> PostgresTransaction {
    guard transaction == nil else { throw .invalidStatement("a transaction is open on this connection already") }
    let begin = "begin isolation level \(isolation.rawValue)\(isReadOnly ? " read only" : "")"
    let id = session.makeID()
    transaction = OpenTransaction(id: id, begin: begin)
    return PostgresTransaction(connection: self, id: id)
  }

  /// Executes a statement within a transaction that is open here.
  ///
  /// - Parameter isRepeatable: the statement may be kept prepared.
  func query(
    _ sql: SQL, in id: Work.ID, timeout: Duration?, isRepeatable: Bool = true
  ) async throws(PostgresError) -> PostgresRows {
    try await run(.statement, sql, in: id, limit: timeout, isRepeatable: isRepeatable)
  }

  /// Sends `BEGIN` by itself, for what cannot share a synchronisation point with it.
  func begin(_ id: Work.ID) async throws(PostgresError) {
    guard transaction?.id == id, transaction?.hasBegun == false else { return }
    try await run(.statement, "select", in: id, limit: nil)
  }

  @discardableResult
  func run(
    _ kind: Work.Kind, _ sql: SQL, in id: Work.ID, limit: Duration?, isRepeatable: Bool = true
  ) async throws(PostgresError) -> PostgresRows {
    guard let open = transaction, open.id == id else {
      throw .invalidStatement("its transaction has ended: it must not leave the body of withTransaction")
    }
    let membership = Work.Membership(transaction: id, begin: open.hasBegun ? nil : open.begin)
    transaction?.hasBegun = true
    let answer = await run(kind, sql, limit: limit, membership: membership, isRepeatable: isRepeatable)
    if case .failure(let error) = answer.result, transaction?.id == id { note(error, isOfBegin: answer.isBeginFailure) }
    return try answer.result.get()
  }

  private func note(_ error: PostgresError, isOfBegin: Bool) {
    if isOfBegin { transaction?.beginFailure = error }
    if transaction?.firstFailure == nil { transaction?.firstFailure = error.serverError }
  }

  /// Ends the transaction here; what it was.
  private func take(_ id: Work.ID) -> OpenTransaction? {
    guard let open = transaction, open.id == id else { return nil }
    transaction = nil
    return open
  }

  private func rollBack<Failure: Error>(
    _ ended: PostgresTransaction, because failure: Failure
  ) async -> PostgresTransactionError<Failure> {
    guard let open = take(ended.id) else { return .body(failure, conflict: nil, rollback: nil) }
    if let error = open.beginFailure { return .begin(error) }
    let conflict = open.firstFailure.flatMap { $0.sqlState.isTransactionConflict ? $0 : nil }
    // A connection that is lost was rolled back by the server.
    guard open.hasBegun, isAlive else { return .body(failure, conflict: conflict, rollback: nil) }
    let answer = await run(.statement, "rollback", limit: nil, isShielded: true)
    guard case .failure(let error) = answer.result else {
      return .body(failure, conflict: conflict, rollback: nil)
    }
    session.close()
    return .body(failure, conflict: conflict, rollback: error)
  }

  private func commit<Failure: Error>(_ ended: PostgresTransaction) async -> PostgresTransactionError<Failure>? {
    guard let open = take(ended.id), open.hasBegun else { return nil }
    if let error = open.beginFailure { return .begin(error) }
    switch await run(.statement, "commit", limit: nil, isShielded: true).result {
    case .success(let rows) where rows.commandTag == "COMMIT": return nil
    case .success:
      // The server answers COMMIT with ROLLBACK, and no error, where an earlier statement had failed.
      let error = open.firstFailure.map { PostgresError.server($0) }
      return .commit(error ?? .invalidStatement("the transaction had failed before its commit"))
    case .failure(.connectionLost(let loss)) where loss.wasSent: return .commitOutcomeUnknown(.connectionLost(loss))
    case .failure(.timeout(let limit, isOutcomeKnown: false)):
      return .commitOutcomeUnknown(.timeout(after: limit, isOutcomeKnown: false))
    case .failure(let error):
      session.close()
      return .commit(error)
    }
  }
}
