import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PreparedStatementTests {
  private func preparedCount(_ connection: PostgresConnection) async throws -> Int {
    try await connection.query("select count(*) from pg_prepared_statements", as: Int.self)[0]
  }

  @Test func `a statement is prepared once, however often it is sent`() async throws {
    try await withConnection { connection in
      for number in 0..<20 {
        let answer = try await connection.query("select \(number)", as: Int.self)
        #expect(answer == [number])
      }
      // Those two, the count itself included.
      #expect(try await preparedCount(connection) == 2)
    }
  }

  @Test func `only so many are kept, the least recently used leave`() async throws {
    try await withConnection(configure: { $0.preparedStatements = 5 }) { connection in
      for number in 0..<50 { try await connection.query("select \(unescaped: "\(number)")") }
      #expect(try await preparedCount(connection) <= 6)
    }
  }

  @Test func `none is prepared where that is off, and everything works`() async throws {
    try await withConnection(configure: {
      $0.route = .transactionPooler; $0.settings = ["jit": "off"]
    }) { connection in
      for number in 0..<20 {
        let answer = try await connection.query("select \(number)", as: Int.self)
        #expect(answer == [number])
      }
      #expect(try await preparedCount(connection) == 0)
      #expect(try await connection.query("select current_setting('jit')", as: String.self) == ["off"])
    }
  }

  @Test func `one that the server forgot is worth another try, and then works`() async throws {
    try await withConnection { connection in
      try await connection.query("select \(1)")
      try await connection.query("deallocate all")
      let error = try await postgresError { try await connection.query("select \(1)") }
      #expect(error?.serverError?.sqlState == .invalidSQLStatementName)
      #expect(error?.consequence == .retry)
      #expect(try await connection.query("select \(1)", as: Int.self) == [1])
    }
  }

  @Test func `one whose table changed is worth another try, and then works`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      try await connection.query("select * from t")
      try await connection.query("alter table t add column name text")
      let error = try await postgresError { try await connection.query("select * from t") }
      #expect(error?.consequence == .retry)
      #expect(try await connection.query("select * from t").columns.count == 2)
    }
  }

  @Test func `the same wrong statement many times at once fails each time for its own reason`() async throws {
    try await withConnection { connection in
      let errors = await withTaskGroup(of: SQLState?.self) { group in
        for _ in 0..<50 {
          group.addTask {
            let error = try? await postgresError { try await connection.query("select * from nowhere") }
            return error?.serverError?.sqlState
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors == Array(repeating: .undefinedTable, count: 50))
    }
  }
}
