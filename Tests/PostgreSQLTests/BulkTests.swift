import Glibc
import Identifiers
import PostgreSQL
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct BulkTests {
  struct Refusal: Error {}

  @Test func `a hundred thousand rows go in by COPY`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8, name text, key uuid, note text)")
      let count = try await connection.copyRows(into: "t", columns: ["id", "name", "key", "note"]) { writer in
        for number in 0..<100_000 {
          try await writer.write(row: number, "name \(number)", UUID.next(), nil as String?)
        }
      }
      #expect(count == 100_000)
      let (rows, sum, notes) = try await connection.query(
        "select count(*), sum(id)::int8, count(note) from t", as: (Int, Int, Int).self)[0]
      #expect(rows == 100_000)
      #expect(sum == 100_000 * 99_999 / 2)
      #expect(notes == 0)
    }
  }

  @Test func `COPY takes text as well, also larger than what it sends at once`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (name text)")
      let long = String(repeating: "x", count: 1_000_000)
      let count = try await connection.copyBytes("copy t (name) from stdin") { writer in
        try await writer.write("first\n\(long)\n".utf8)
      }
      #expect(count == 2)
      #expect(try await connection.query("select max(length(name)) from t", as: Int.self) == [1_000_000])
    }
  }

  @Test func `a COPY whose body throws leaves nothing, and its error is the body's`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      await #expect(throws: Refusal.self) {
        try await connection.copyRows(into: "t", columns: ["id"]) { writer in
          for number in 0..<50_000 { try await writer.write(row: number) }
          throw Refusal()
        }
      }
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `a COPY that the server refuses fails, typed, and the connection goes on`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8 primary key)")
      let double = try await postgresError {
        try await connection.copyRows(into: "t", columns: ["id"]) { writer in
          try await writer.write(row: 1)
          try await writer.write(row: 1)
        }
      }
      #expect(double?.serverError?.sqlState == .uniqueViolation)
      let missing = try await postgresError {
        try await connection.copyRows(into: "nowhere", columns: ["id"]) { _ in Issue.record("it began") }
      }
      #expect(missing?.serverError?.sqlState == .undefinedTable)
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `a COPY among pipelined statements keeps their order`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask { try await connection.query("insert into t values (\(number))") }
          if number % 10 == 0 {
            group.addTask {
              try await connection.copyRows(into: "t", columns: ["id"]) { writer in
                for row in 0..<100 { try await writer.write(row: row) }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [550])
    }
  }

  @Test func `a COPY in a transaction is rolled back with it`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      _ = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await connection.withTransaction { transaction in
          let count = try await transaction.copyRows(into: "t", columns: ["id"]) { try await $0.write(row: 1) }
          #expect(count == 1)
          throw Refusal()
        }
      }
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [0])
      try await connection.withTransaction { transaction in
        _ = try await transaction.copyRows(into: "t", columns: ["id"]) { try await $0.write(row: 1) }
      }
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [1])
    }
  }

  @Test func `a million rows come out by COPY through little memory, and go in elsewhere`() async throws {
    try await withConnection { connection in
      let before = residentBytes()
      let (rows, size) = try await connection.withTransaction(isReadOnly: true) { transaction in
        var size = 0
        let rows = try await transaction.copyOut(
          "copy (select n, repeat('x', 100) from generate_series(1, 1000000) as n) to stdout"
        ) { size += $0.count }
        return (rows, size)
      }
      #expect(rows == 1_000_000)
      // Each row is its number, a tab, the text and the end of the line.
      #expect(size == 5_888_896 + 1_000_000 * 102)
      #expect(residentBytes() - before < 40_000_000)
    }
  }

  @Test func `what comes out by COPY goes in again as it was`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8, name text, bytes bytea, tags text[], at timestamptz)")
      try await connection.query("create table u (like t)")
      try await connection.query(
        #"insert into t values (1, E'a\tb\\c\n"é"', '\x00ff', '{"a,b",null}', now()), (2, null, '', '{}', 'infinity')"#)
      try await connection.withTransaction { transaction in
        var bytes: [UInt8] = []
        let rows = try await transaction.copyOut("copy t to stdout") { bytes += $0 }
        #expect(rows == 2)
        let written = try await transaction.copyBytes("copy u from stdin") { try await $0.write(bytes) }
        #expect(written == 2)
        let none = try await transaction.copyOut("copy (select 1 where false) to stdout") { _ in }
        #expect(none == 0)
        let different = try await transaction.query("select from t except all select from u")
        #expect(different.isEmpty)
        #expect(
          try await transaction.query("select count(*) from t join u using (id, bytes, tags, at)", as: Int.self) == [2])
      }
    }
  }

  @Test func `an error in the middle of a COPY is thrown, typed, and the connection goes on`() async throws {
    try await withConnection { connection in
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await connection.withTransaction { transaction in
          _ = try await transaction.copyOut(
            "copy (select 1 / (50000 - n) from generate_series(1, 100000) as n) to stdout"
          ) { _ in }
        }
      }
      guard case .body(PostgresError.server(let cause), _, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.sqlState.rawValue == "22012")
      let next = try await connection.query("select 1", as: Int.self)
      #expect(next == [1])
    }
  }

  @Test func `a COPY that is left in its middle throws what its reader threw, and ends the connection`() async throws {
    try await withConnection { connection in
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await connection.withTransaction { transaction in
          _ = try await transaction.copyOut("copy (select n from generate_series(1, 100000000) as n) to stdout") { _ in
            throw Refusal()
          }
        }
      }
      guard case .body(is Refusal, _, nil)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(!connection.isAlive)
    }
  }

  @Test func `a million rows stream through little memory`() async throws {
    try await withConnection { connection in
      let before = residentBytes()
      let (count, sum) = try await connection.withTransaction(isReadOnly: true) { transaction in
        var count = 0
        var sum = 0
        let rows = transaction.stream(
          "select n, repeat('x', 100) from generate_series(1, \(1_000_000)) as n", rowsPerFetch: 5000)
        for try await row in rows {
          count += 1
          sum += try row["n", as: Int.self]
        }
        return (count, sum)
      }
      #expect(count == 1_000_000)
      #expect(sum == 500_000_500_000)
      // All rows at once would take more than 100 MB.
      #expect(residentBytes() - before < 40_000_000)
    }
  }

  @Test func `a stream may be left early, and an error in its middle is thrown there`() async throws {
    try await withConnection { connection in
      try await connection.withTransaction { transaction in
        for try await row in transaction.stream("select n from generate_series(1, 100000) as n", rowsPerFetch: 10) {
          if try row["n", as: Int.self] == 25 { break }
        }
        let next = try await transaction.query("select 1", as: Int.self)
        #expect(next == [1])
      }
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await connection.withTransaction { transaction in
          var count = 0
          do {
            for try await _ in transaction.stream(
              "select 1 / (50 - n) from generate_series(1, 100) as n", rowsPerFetch: 7)
            {
              count += 1
            }
          } catch {
            #expect(count == 49)
            throw error
          }
        }
      }
      guard case .body(PostgresError.server(let cause), _, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.sqlState.rawValue == "22012")
    }
  }

  /// The memory of this process that is in RAM now.
  private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let fields = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return (fields.dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }
}
