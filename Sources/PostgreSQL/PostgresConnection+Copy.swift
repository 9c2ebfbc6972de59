extension PostgresConnection {
  /// Writes rows into a table by `COPY`, the quickest way for many. All of them, or none if anything fails.
  ///
  ///     try await connection.copyRows(into: "asset", columns: ["id", "title"]) { writer in
  ///       for try await asset in assets { try await writer.write(row: asset.id, asset.title) }
  ///     }
  ///
  /// - Parameter timeout: the time that the server may take for each part of the data, and for the end.
  /// - Returns: the number of rows.
  /// - Throws: what `body` throws, or a ``PostgresError``.
  @discardableResult
  package nonisolated func copyRows(
    into table: String, columns: [String], timeout: Duration? = nil,
    _ body: (inout PostgresCopyWriter) async throws -> Void
  ) async throws -> Int {
    try await copyBytes(.copy(into: table, columns: columns), timeout: timeout) { writer in
      writer.beginBinary()
      try await body(&writer)
      writer.endBinary()
    }
  }

  /// Sends the data of a `COPY … FROM STDIN` statement, in whatever format that names.
  ///
  /// - Parameter sql: the statement, without parameters.
  /// - Returns: the number of rows.
  /// - Throws: what `body` throws, or a ``PostgresError``.
  @discardableResult
  package nonisolated func copyBytes(
    _ sql: SQL, timeout: Duration? = nil, _ body: (inout PostgresCopyWriter) async throws -> Void
  ) async throws -> Int {
    let timeout = timeout ?? configuration.statementTimeout
    _ = try await run(.copy, sql, limit: timeout).result.get()
    return try await sendCopy(timeout: timeout, body)
  }

  /// Sends the data of a COPY that has begun, and ends it either way.
  nonisolated func sendCopy(
    timeout: Duration, _ body: (inout PostgresCopyWriter) async throws -> Void
  ) async throws -> Int {
    do {
      var writer = PostgresCopyWriter(connection: self, timeout: timeout)
      try await body(&writer)
      try await writer.send()
    } catch {
      // Its failure is the one that is asked for here.
      _ = try? await endCopy(failure: "given up by the client", timeout: timeout)
      throw error
    }
    return try await endCopy(failure: nil, timeout: timeout).affectedRows
  }

  func sendCopyData(_ bytes: [UInt8], timeout: Duration) async throws(PostgresError) {
    try session.writeCopyData(bytes)
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        session.drain(DrainWaiter(limit: timeout, continuation: continuation))
      }
    } onCancel: {
      Task { await self.cancelDrain() }
    }
    try answer.get()
  }

  private func cancelDrain() { session.cancelDrain() }

  private func endCopy(failure: String?, timeout: Duration) async throws(PostgresError) -> PostgresRows {
    let id = session.makeID()
    let answer = await withCheckedContinuation { continuation in
      session.endCopy(
        Work(
          id: id, kind: .script, sql: "copy", membership: nil, isRepeatable: false, limit: timeout,
          continuation: continuation),
        failure: failure)
    }
    return try answer.result.get()
  }

  func makeID() -> Work.ID { session.makeID() }
}

extension PostgresTransaction {
  /// Writes rows by `COPY` within the transaction, see ``PostgresConnection/copyRows(into:columns:timeout:_:)``.
  @discardableResult
  package func copyRows(
    into table: String, columns: [String], timeout: Duration? = nil,
    _ body: (inout PostgresCopyWriter) async throws -> Void
  ) async throws -> Int {
    try await copyBytes(.copy(into: table, columns: columns), timeout: timeout) { writer in
      writer.beginBinary()
      try await body(&writer)
      writer.endBinary()
    }
  }
}

extension SQL {
  fileprivate static func copy(into table: String, columns: [String]) -> SQL {
    let names = columns.map(\.quotedIdentifier).joined(separator: ", ")
    return "copy \(identifier: table) (\(unescaped: names)) from stdin (format binary)"
  }
}
