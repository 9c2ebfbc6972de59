/// The rows of a statement, some at a time: the memory it takes is bounded by ``PostgresTransaction/stream(_:rowsPerFetch:)``.
///
/// The server computes rows as they are asked for (a cursor). Leaving the loop early costs nothing; the cursor is
/// closed with the transaction.
package struct PostgresRowStream: AsyncSequence {
  package typealias Failure = PostgresError
  fileprivate let transaction: PostgresTransaction
  fileprivate let sql: SQL
  fileprivate let rowsPerFetch: Int

  package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let stream: PostgresRowStream
    private var cursor: String?
    private var rows: PostgresRows?
    private var position = 0
    private var isLast = false

    fileprivate init(stream: PostgresRowStream) { self.stream = stream }

    package mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> PostgresRow? {
      while true {
        if let rows, position < rows.count {
          defer { position += 1 }
          return rows[position]
        }
        rows = nil
        if isLast { return nil }
        try await fetch()
      }
    }

    private mutating func fetch() async throws(PostgresError) {
      let cursor = try await openCursor()
      let fetched = try await execute(
        "fetch forward \(unescaped: String(stream.rowsPerFetch)) from \(identifier: cursor)")
      rows = fetched
      position = 0
      guard fetched.count < stream.rowsPerFetch else { return }
      isLast = true
      _ = try await execute("close \(identifier: cursor)")
    }

    private mutating func openCursor() async throws(PostgresError) -> String {
      if let cursor { return cursor }
      let name = await "rows\(stream.transaction.connection.makeID())"
      _ = try await execute("declare \(identifier: name) no scroll cursor for \(stream.sql)")
      cursor = name
      return name
    }

    private func execute(_ sql: SQL) async throws(PostgresError) -> PostgresRows {
      try await stream.transaction.connection.query(
        sql, in: stream.transaction.id, timeout: nil, isRepeatable: false)
    }
  }
}

extension PostgresTransaction {
  /// The rows of a `select`, fetched some at a time while the transaction is open.
  ///
  /// - Parameter rowsPerFetch: how many rows are in memory at once, at least 1.
  package func stream(_ sql: SQL, rowsPerFetch: Int = 1000) -> PostgresRowStream {
    PostgresRowStream(transaction: self, sql: sql, rowsPerFetch: max(rowsPerFetch, 1))
  }
}
