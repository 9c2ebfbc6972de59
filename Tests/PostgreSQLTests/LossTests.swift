import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct LossTests {
  @Test func `when the server ends the connection everything that waits fails, typed, with the server's word`()
    async throws
  {
    try await withConnection { connection in
      let backend = try await connection.query("select pg_backend_pid() as pid").one()["pid", as: Int32.self]
      let errors = try await withThrowingTaskGroup(of: PostgresError?.self) { group in
        for _ in 0..<6 {
          group.addTask { try await postgresError { try await connection.query("select pg_sleep(60)") } }
        }
        // From another connection: whichever statement comes first, it is under way when the server ends it.
        try await withConnection { other in
          try await eventually("a statement is under way") {
            try await !other.query(
              "select from pg_stat_activity where pid = \(backend) and state = 'active' and query like '%pg_sleep%'"
            ).isEmpty
          }
          try await other.query("select pg_terminate_backend(\(backend))")
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors.count == 6)
      for error in errors {
        guard case .connectionLost? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(error?.consequence == .retry)
      }
      #expect(errors.contains { $0?.serverError?.sqlState == .adminShutdown }, "\(errors)")
      #expect(!connection.isAlive)
    }
  }

  @Test func `an idle connection that the server ends is not lent again`() async throws {
    try await withClient { client in
      let pid = try await client.query("select pg_backend_pid()", as: Int32.self)[0]
      try await withConnection { observer in
        try await observer.query("select pg_terminate_backend(\(pid))")
        try await eventually("the backend is gone") {
          try await observer.query("select 1 from pg_stat_activity where pid = \(pid)").isEmpty
        }
      }
      try await eventually("the client works again") {
        let fresh = try? await client.query("select pg_backend_pid()", as: Int32.self)[0]
        return fresh != nil && fresh != pid
      }
    }
  }

  @Test func `a connection closed by its owner fails what is pending`() async throws {
    try await withConnection { connection in
      let task = Task { try await postgresError { try await connection.query("select pg_sleep(60)") } }
      try await eventually("the statement is sent") { await !connection.isIdle }
      await connection.close()
      guard case .closed? = try await task.value else {
        Issue.record("it was not closed")
        return
      }
    }
  }
}
