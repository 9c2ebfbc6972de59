import Concurrency
import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PoolTests {
  @Test func `never more connections than allowed, and everyone has a turn`() async throws {
    var limits = PostgresClient.Limits()
    limits.connections = 3
    try await withClient(limits: limits) { client in
      let pids = try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<60 {
          group.addTask { try await client.query("select pg_backend_pid() from pg_sleep(0.002)", as: Int32.self)[0] }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(pids.count == 60)
      #expect(Set(pids).count <= 3)
    }
  }

  @Test func `who waits too long for a connection is told so`() async throws {
    var limits = PostgresClient.Limits()
    limits.connections = 1
    limits.wait = .seconds(1)
    try await withClient(limits: limits) { client in
      try await client.withConnection { _ throws(PostgresError) in
        do throws(PostgresError) {
          try await client.query("select 1")
          Issue.record("there was a second connection")
        } catch {
          guard case .noConnectionFree(after: .seconds(1), lastFailure: nil) = error else { throw error }
        }
      }
      #expect(try await client.query("select 1", as: Int.self) == [1])
    }
  }

  @Test func `who waits for a server that is down is told why`() async throws {
    let loop = EventLoop(name: "test-postgres")
    defer { loop.stop() }
    let port = try FakeServer(answer: nil).port
    var limits = PostgresClient.Limits()
    limits.wait = .milliseconds(300)
    limits.firstPause = .milliseconds(20)
    let client = PostgresClient(
      try PostgresConfiguration(url: "postgresql://127.0.0.1:\(port)/db"), limits: limits, on: loop)
    let error = try await postgresError { try await client.query("select 1") }
    guard case .noConnectionFree(_, let failure?)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.message.contains("refused"))
    await client.close()
  }

  @Test func `nobody waits for a database that does not exist`() async throws {
    let loop = EventLoop(name: "test-postgres")
    defer { loop.stop() }
    let url = try TestService.database.url()
    let other = "\(url.prefix(upTo: url.lastIndex(of: "/") ?? url.endIndex))/no_such_database"
    let client = PostgresClient(try PostgresConfiguration(url: other), on: loop)
    let error = try await postgresError { try await client.query("select 1") }
    #expect(error?.consequence == .permanent)
    await client.close()
  }

  @Test func `a connection that comes back with a transaction open is replaced`() async throws {
    var limits = PostgresClient.Limits()
    limits.connections = 1
    try await withClient(limits: limits) { client in
      let first = try await client.withConnection { connection throws(PostgresError) in
        try await connection.query("begin")
        return try await connection.query("select pg_backend_pid()", as: Int32.self)
      }
      #expect(try await client.query("select pg_backend_pid()", as: Int32.self) != first)
    }
  }

  @Test func `a closed client lends nothing`() async throws {
    try await withClient { client in
      try await client.query("select 1")
      await client.close()
      let error = try await postgresError { try await client.query("select 1") }
      guard case .closed? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
