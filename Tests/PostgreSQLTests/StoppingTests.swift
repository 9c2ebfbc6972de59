import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct StoppingTests {
  /// Waits until the server runs a statement on the connection of this process number, seen from another connection.
  private func waitUntil(_ pid: Int32, is state: String, _ observer: PostgresConnection) async throws {
    try await eventually("the backend is \(state)") {
      let found = try await observer.query(
        "select state || coalesce(wait_event, '') from pg_stat_activity where pid = \(pid)", as: String?.self)
      return found.first.flatMap(\.self)?.hasPrefix(state) == true
    }
  }

  @Test func `a statement whose time is up is cancelled on the server, and the connection goes on`() async throws {
    try await withConnection { observer in
      try await withConnection { connection in
        let pid = try await connection.query("select pg_backend_pid()", as: Int32.self)[0]
        let error = try await postgresError {
          try await connection.query("select pg_sleep(60)", timeout: .milliseconds(100))
        }
        guard case .timeout(after: .milliseconds(100), isOutcomeKnown: true)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        try await waitUntil(pid, is: "idle", observer)
        #expect(try await connection.query("select pg_backend_pid()", as: Int32.self) == [pid])
      }
    }
  }

  @Test func `a statement is cancelled with its task, and the connection goes on`() async throws {
    try await withConnection { observer in
      try await withConnection { connection in
        let pid = try await connection.query("select pg_backend_pid()", as: Int32.self)[0]
        let task = Task { try await postgresError { try await connection.query("select pg_sleep(60)") } }
        try await waitUntil(pid, is: "activePgSleep", observer)
        task.cancel()
        guard case .cancelled? = try await task.value else {
          Issue.record("it was not cancelled")
          return
        }
        try await waitUntil(pid, is: "idle", observer)
        #expect(try await connection.query("select 1", as: Int.self) == [1])
      }
    }
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8)")
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await postgresError { try await connection.query("insert into t select 1 from pg_sleep(60)") }
      }
      guard case .cancelled? = try await task.value else {
        Issue.record("it was not cancelled")
        return
      }
      #expect(try await connection.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `what is sent behind a slow statement is stopped in its turn, and the slow one is not hit`() async throws {
    try await withConnection { observer in
      try await withConnection { connection in
        let pid = try await connection.query("select pg_backend_pid()", as: Int32.self)[0]
        try await observer.query("select pg_advisory_lock(\(pid))")
        let slow = Task { try await connection.query("select 1 from pg_advisory_lock(\(pid))", as: Int.self) }
        try await waitUntil(pid, is: "activeadvisory", observer)
        async let released = observer.query("select pg_advisory_unlock(\(pid)) from pg_sleep(0.3)")
        let error = try await postgresError {
          try await connection.query("select pg_sleep(60)", timeout: .milliseconds(50))
        }
        guard case .timeout? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        _ = try await released
        #expect(try await slow.value == [1])
        #expect(try await connection.query("select 2", as: Int.self) == [2])
      }
    }
  }

  @Test func `a transaction whose task is cancelled is rolled back, and its connection is lent again`() async throws {
    var limits = PostgresClient.Limits()
    limits.connections = 1
    try await withClient(limits: limits) { client in
      try await client.query("create table t (id int8)")
      let pid = try await client.query("select pg_backend_pid()", as: Int32.self)
      try await withConnection { observer in
        let task = Task {
          try await client.withTransaction { transaction in
            try await transaction.query("insert into t values (1)")
            try await transaction.query("select pg_sleep(60)")
          }
        }
        try await waitUntil(pid[0], is: "activePgSleep", observer)
        task.cancel()
        await #expect(throws: PostgresTransactionError<any Error>.self) { try await task.value }
      }
      #expect(try await client.query("select count(*) from t", as: Int.self) == [0])
      #expect(try await client.query("select pg_backend_pid()", as: Int32.self) == pid)
    }
  }
}
