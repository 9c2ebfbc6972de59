import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct StatementTests {
  @Test func `parameters go in and rows come out`() async throws {
    try await withConnection { connection in
      let rows = try await connection.query(
        "select \(7) + 1 as sum, upper(\("straße")) as name, \(nil as Int32?) as nothing")
      let row = try rows.one()
      #expect(try row["sum", as: Int64.self] == 8)
      #expect(try row["nothing", as: Int32?.self] == nil)
      let (sum, name, nothing) = try row.decode((Int, String, Int32?).self)
      #expect(sum == 8)
      #expect(name == "STRASSE" || name == "STRAßE")
      #expect(nothing == nil)
    }
  }

  @Test func `a thousand statements at once are answered each with its own`() async throws {
    try await withConnection { connection in
      try await withThrowingTaskGroup(of: (Int, Int).self) { group in
        for number in 0..<1000 {
          group.addTask { (number, try await connection.query("select \(number) * 2", as: Int.self)[0]) }
        }
        for try await (number, answer) in group { #expect(answer == number * 2) }
      }
    }
  }

  @Test func `one that fails in the middle of a pipeline takes no other with it`() async throws {
    try await withConnection { connection in
      let done = await withTaskGroup(of: Bool.self) { group in
        for divisor in 0..<100 {
          group.addTask {
            let error = try? await postgresError { try await connection.query("select 1 / \(divisor % 10)") }
            #expect((error?.serverError?.sqlState.rawValue == "22012") == (divisor % 10 == 0))
            return error == nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(done == 90)
    }
  }

  @Test func `a syntax error says where it is and is permanent`() async throws {
    try await withConnection { connection in
      let error = try await postgresError { try await connection.query("selec 1") }
      #expect(error?.serverError?.sqlState == .syntaxError)
      #expect(error?.serverError?.position == 1)
      #expect(error?.consequence == .permanent)
    }
  }

  @Test func `a unique violation names its constraint, table and schema`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8 constraint one_of_a_kind primary key)")
      try await connection.query("insert into t values (\(1))")
      let error = try await postgresError { try await connection.query("insert into t values (\(1))") }
      #expect(error?.serverError?.sqlState == .uniqueViolation)
      #expect(error?.serverError?.constraint == "one_of_a_kind")
      #expect(error?.serverError?.table == "t")
      #expect(error?.consequence == .permanent)
    }
  }

  @Test func `a NUL byte in text fails its own statement for good and nothing else`() async throws {
    try await withConnection { connection in
      let error = try await postgresError { try await connection.query("select \("a\0b")") }
      #expect(error?.serverError?.sqlState == .characterNotInRepertoire)
      #expect(error?.consequence == .permanent)
      #expect(try await connection.query("select \("fine")", as: String.self) == ["fine"])
    }
  }

  @Test func `a wrong type, a NULL and a missing column are named`() async throws {
    try await withConnection { connection in
      let row = try await connection.query("select 1::int8 as number, null::text as nothing").one()
      let wrongType = try await postgresError { _ = try row["number", as: String.self] }
      #expect(wrongType?.description.contains(#"column "number": expected text"#) == true)
      #expect(wrongType?.description.contains("found int8") == true)
      let null = try await postgresError { _ = try row["nothing", as: String.self] }
      #expect(null?.description.contains(#"column "nothing": expected text, found NULL"#) == true)
      let missing = try await postgresError { _ = try row["other", as: String.self] }
      #expect(missing?.description.contains("the columns number, nothing") == true)
      let fewer = try await postgresError { _ = try row.decode(Int.self) }
      #expect(fewer?.description.contains("expected 1 columns, found 2") == true)
      #expect(missing?.consequence == .permanent)
    }
  }

  @Test func `the command's tag and the number of rows it wrote are told`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      let rows = try await connection.query("insert into t select * from unnest(\([1, 2, 3] as [Int64]))")
      #expect(rows.commandTag == "INSERT 0 3")
      #expect(rows.affectedRows == 3)
      #expect(rows.isEmpty)
    }
  }

  @Test func `more parameters than the protocol can number are refused here`() async throws {
    try await withConnection { connection in
      var statement: SQL = "select 1 where true"
      for _ in 0..<65_536 { statement += " or \(true)" }
      let error = try await postgresError { try await connection.query(statement) }
      #expect(error?.description.contains("65536 parameters, at most 65535") == true)
      #expect(try await connection.query("select 1", as: Int.self) == [1])
    }
  }

  @Test func `a script does all of its statements or none`() async throws {
    try await withConnection { connection in
      try await connection.runScript(unescaped: "create table t (id int8); insert into t values (1), (2);")
      let error = try await postgresError {
        try await connection.runScript(unescaped: "insert into t values (3); select 1/0;")
      }
      #expect(error?.serverError?.sqlState.rawValue == "22012")
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [2])
    }
  }

  @Test func `settings and the application's name reach the server, and notices their handler`() async throws {
    let (notices, handler) = AsyncStream.makeStream(of: PostgresNotice.self)
    try await withConnection {
      $0.settings = ["jit": "off", "statement_timeout": "54321", "reelmill.note": "a b\\c"]
      $0.applicationName = "tester"
      $0.onNotice = { handler.yield($0) }
    } _: { connection in
      for (name, value) in ["jit": "off", "statement_timeout": "54321ms", "reelmill.note": "a b\\c"] {
        #expect(try await connection.query("select current_setting(\(name))", as: String.self) == [value])
      }
      #expect(try await connection.query("select current_setting('application_name')", as: String.self) == ["tester"])
      try await connection.query("do $$ begin raise notice 'hello'; end $$")
      var first = notices.makeAsyncIterator()
      let notice = await first.next()
      #expect(notice?.severity == "NOTICE")
      #expect(notice?.message == "hello")
    }
  }
}
