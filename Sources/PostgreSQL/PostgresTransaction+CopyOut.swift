extension PostgresTransaction {
  /// Reads the data of a `COPY … TO STDOUT` statement, in whatever format that names, some of it at a time.
  ///
  /// The server waits while `body` works. If that throws, the connection is closed: the rest could be any amount.
  ///
  /// - Parameters:
  ///   - sql: the statement, without parameters.
  ///   - timeout: the time that the server may take for each part of the data, and for the end.
  ///   - body: is given whole rows, about 64 KiB at once.
  /// - Returns: the number of rows.
  /// - Throws: what `body` throws, or a ``PostgresError``.
  @discardableResult
  package func copyOut(
    _ sql: SQL, timeout: Duration? = nil, _ body: ([UInt8]) async throws -> Void
  ) async throws -> Int {
    let limit = timeout ?? connection.configuration.statementTimeout
    try await connection.begin(id)
    try await connection.run(.copyOut, sql, in: id, limit: limit)
    do {
      while case let bytes = try await connection.readCopyData(timeout: limit), !bytes.isEmpty {
        try await body(bytes)
      }
    } catch {
      await connection.close()
      throw error
    }
    return try await connection.endCopyOut(timeout: limit).affectedRows
  }

  /// Sends the data of a `COPY … FROM STDIN` statement within the transaction, see
  /// ``PostgresConnection/copyBytes(_:timeout:_:)``.
  @discardableResult
  package func copyBytes(
    _ sql: SQL, timeout: Duration? = nil, _ body: (inout PostgresCopyWriter) async throws -> Void
  ) async throws -> Int {
    let limit = timeout ?? connection.configuration.statementTimeout
    try await connection.begin(id)
    try await connection.run(.copy, sql, in: id, limit: limit)
    return try await connection.sendCopy(timeout: limit, body)
  }
}

extension PostgresConnection {
  /// The next data of a COPY that has begun; none at its end.
  fileprivate func readCopyData(timeout: Duration) async throws(PostgresError) -> [UInt8] {
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        session.readCopyData(CopyWaiter(limit: timeout, continuation: continuation))
      }
    } onCancel: {
      Task { await self.cancelCopyRead() }
    }
    return try answer.get()
  }

  private func cancelCopyRead() { session.cancelCopyRead() }

  fileprivate func endCopyOut(timeout: Duration) async throws(PostgresError) -> PostgresRows {
    let id = session.makeID()
    let answer = await withCheckedContinuation { continuation in
      session.endCopyOut(
        Work(
          id: id, kind: .script, sql: "copy", membership: nil, isRepeatable: false, limit: timeout,
          continuation: continuation))
    }
    return try answer.result.get()
  }
}
