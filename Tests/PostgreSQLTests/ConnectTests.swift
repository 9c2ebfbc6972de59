import Concurrency
import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectTests {
  private func connectError(_ url: String, within limit: Duration = .seconds(10)) async throws -> PostgresError? {
    let loop = EventLoop(name: "test-postgres")
    defer { loop.stop() }
    var configuration = try PostgresConfiguration(url: url)
    configuration.connectTimeout = limit
    return try await postgresError { await (try PostgresConnection.connect(configuration, on: loop)).close() }
  }

  @Test func `a wrong password is permanent, and is not repeated in the error`() async throws {
    let server = try FakeServer(answer: FakeServer.refusal("28P01", "password authentication failed for user \"me\""))
    let error = try await connectError(
      "postgresql://me:hunter2@127.0.0.1:\(server.port)/db?sslmode=disable&gssencmode=disable")
    guard case .connectFailed(let failure)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.sqlState?.rawValue == "28P01")
    #expect(failure.consequence == .permanent)
    #expect(failure.description.contains("password authentication failed for user \"me\""))
    #expect(!failure.description.contains("hunter2"))
  }

  @Test func `an unknown database is permanent and named`() async throws {
    let url = try TestService.database.url()
    let error = try await connectError("\(url.prefix(upTo: url.lastIndex(of: "/") ?? url.endIndex))/no_such_database")
    guard case .connectFailed(let failure)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.sqlState?.rawValue == "3D000")
    #expect(failure.consequence == .permanent)
    #expect(failure.message.contains("no_such_database"))
  }

  @Test func `a port where nobody listens may be served later`() async throws {
    let port = try FakeServer(answer: nil).port
    let error = try await connectError("postgresql://127.0.0.1:\(port)/db")
    #expect(error?.consequence == .retry)
    #expect(error?.description.contains("127.0.0.1:\(port)") == true)
    #expect(error?.description.contains("refused") == true)
  }

  @Test func `a socket that is not there may come later`() async throws {
    let error = try await connectError("postgresql:///db?host=/nowhere/at/all")
    #expect(error?.consequence == .retry)
    #expect(error?.description.contains("/nowhere/at/all") == true)
  }

  @Test func `a server that says nothing is given up at the deadline`() async throws {
    let server = try FakeServer(answer: nil)
    let error = try await connectError("postgresql://127.0.0.1:\(server.port)/db", within: .milliseconds(100))
    #expect(error?.consequence == .retry)
    #expect(error?.description.contains("no connection within 0.1 seconds") == true)
  }

  @Test func `connecting ends with its task`() async throws {
    let server = try FakeServer(answer: nil)
    let task = Task { try await connectError("postgresql://127.0.0.1:\(server.port)/db") }
    task.cancel()
    guard case .cancelled? = try await task.value else {
      Issue.record("it was not cancelled")
      return
    }
  }

  @Test(arguments: [
    "http://me:hunter2@host/db", "me:hunter2@host/db", "postgresql://me:hunter%2zz@host/db",
    "postgresql://me:hunter2@[host/db", "postgresql://host/db?password=hunter2&nonsense=1",
  ])
  func `a URL that cannot be read is refused without showing its password`(url: String) async throws {
    let error = try #require(throws: PostgresError.self) { _ = try PostgresConfiguration(url: url) }
    #expect(error.consequence == .permanent)
    #expect(!error.description.contains("hunter"))
    #expect(error.description.contains("postgresql://user:password@host"))
  }

  @Test func `settings are shown without the password`() throws {
    let configuration = try PostgresConfiguration(url: "postgresql://me:hunter2@host:99/db")
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(configuration.description == "PostgreSQL at host:99/db")
    #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("hunter2"))
  }
}
