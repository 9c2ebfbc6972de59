import AMQP
import Concurrency
import PostgreSQL
import Subprocess
import TestSupport
import Testing

/// What is missing around the program: it says so at once, and what to do.
@Suite struct OutageTests {
  private static let nobody = "127.0.0.1:1"

  @Test(arguments: [["search", "x"], ["status"], ["ingest", "x"], ["work"], ["migrate"]])
  func `a database that does not answer`(arguments: [String]) async throws {
    try await withFolder { folder in
      let reelmill = try Reelmill(
        folder: folder,
        settings: [
          "REELMILL_AMQP_URL": "amqp://guest@\(Self.nobody)/",
          "REELMILL_DATABASE_URL": "postgresql://x@\(Self.nobody)/x",
        ])
      let answer = try await Answer(reelmill.command(arguments, deadline: .seconds(60)).run())
      #expect(answer.code == 69)
      #expect(answer.complaint.contains("127.0.0.1") && answer.complaint.contains("refused"), "\(answer.complaint)")
    }
  }

  @Test func `a broker that does not answer stops a worker that starts, not a search`() async throws {
    try await Library.with { library in
      let reelmill = library.reelmill.with(["REELMILL_AMQP_URL": "amqp://guest@\(Self.nobody)/"])
      let work = try await reelmill("work")
      #expect(work.code == 69 && work.complaint.contains("no broker answers at \(Self.nobody)"))
      #expect(try await reelmill("search", "anything").code == 0)
      #expect(try await reelmill("status").code == 69)
    }
  }

  @Test func `a wrong password and a virtual host that is not there`() async throws {
    try await Library.with { library in
      let port = try AMQPURL(library.brokerURL).port
      let password = try await library.reelmill.with(["REELMILL_AMQP_URL": "amqp://guest:wrong@127.0.0.1:\(port)/"])(
        "work")
      #expect(password.code == 69 && password.complaint.contains("refused the user 'guest'"))
      #expect(!password.complaint.contains("wrong@"))
      let host = try await library.reelmill.with(["REELMILL_AMQP_URL": "\(library.brokerURL)-none"])("work")
      #expect(host.code == 69 && host.complaint.contains("does not open the virtual host"), "\(host.complaint)")
    }
  }

  @Test func `a queue that stands with other arguments`() async throws {
    try await Library.with { library in
      let loop = EventLoop(name: "test-declare")
      defer { loop.stop() }
      let connection = try await AMQPConnection.connect(to: try AMQPURL(library.brokerURL), on: loop)
      try await connection.declareQueue("inspect.live", arguments: ["x-queue-type": "classic"])
      await connection.close()
      let answer = try await library.reelmill("work")
      #expect(answer.code == 1)
      #expect(answer.complaint.contains("the queue 'inspect.live' exists with another value of 'x-"))
      #expect(!answer.complaint.contains("working; stop"), "it never worked")
    }
  }

  @Test func `a database that was not migrated`() async throws {
    try await withBroker { broker in
      try await withDatabase { database in
        try await withFolder { folder in
          let reelmill = try Reelmill(
            folder: folder, settings: ["REELMILL_AMQP_URL": broker, "REELMILL_DATABASE_URL": database])
          let answer = try await reelmill("search", "x")
          #expect(answer.code == 69 && answer.complaint.contains("run `reelmill migrate` first"), "\(answer.complaint)")
          let plan = try await reelmill.succeeds("migrate", "--dry-run")
          #expect(plan.output.contains("would apply m0001_pipeline"))
          try await reelmill.succeeds("migrate")
          #expect(try await reelmill("search", "x").code == 0)
        }
      }
    }
  }

  @Test func `a database without pgvector, for a user who may not create it`() async throws {
    try await withBroker { broker in
      try await withBareDatabase { url in
        try await withFolder { folder in
          let reelmill = try Reelmill(
            folder: folder, settings: ["REELMILL_AMQP_URL": broker, "REELMILL_DATABASE_URL": url])
          let answer = try await reelmill("migrate")
          #expect(answer.code == 1)
          #expect(answer.complaint.contains("no extension `vector`"), "\(answer.complaint)")
          #expect(answer.complaint.contains("run `create extension vector` as a superuser"))
        }
      }
    }
  }

  @Test(arguments: [["work"], ["samples", "here"]])
  func `a tool that is missing is named with its package`(arguments: [String]) async throws {
    try await Library.with { library in
      let reelmill = library.reelmill.with(["PATH": library.folder])
      let answer = try await Answer(reelmill.command(arguments, deadline: .seconds(60)).run())
      #expect(answer.code == 69 && answer.complaint.contains("'ffmpeg' in PATH; install ffmpeg"), "\(answer.complaint)")
      let doctor = try await reelmill("doctor")
      #expect(doctor.code == 1 && doctor.output.contains("fix: apt-get install ffmpeg"))
    }
  }

  /// Runs `body` with the URL of a database of its own without extensions, for a user without rights.
  private func withBareDatabase(_ body: (String) async throws -> Void) async throws {
    let name = "reelmill_test_\(UInt64.random(in: .min ... .max))"
    let base = try TestService.database.url()
    let (start, server, rest) = try Self.parts(of: base)
    let loop = EventLoop(name: "test-database")
    defer { loop.stop() }
    let owner = try await PostgresConnection.connect(try PostgresConfiguration(url: base), on: loop)
    try await owner.query("create role \(identifier: name) login password 'secret'")
    try await owner.query("create database \(identifier: name) template template0 owner \(identifier: name)")
    let result = await Result { try await body("\(start)\(name):secret@\(server)/\(name)\(rest)") }
    try await owner.query("drop database \(identifier: name)")
    try await owner.query("drop role \(identifier: name)")
    await owner.close()
    try result.get()
  }

  /// A URL without its user and its database.
  private static func parts(of url: String) throws -> (start: String, server: String, rest: String) {
    guard let slashes = url.firstRange(of: "://"), let slash = url[slashes.upperBound...].firstIndex(of: "/") else {
      throw Unexpected("\(url): expected a URL with a database")
    }
    let authority = url[slashes.upperBound..<slash]
    let server = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    let question = url[slash...].firstIndex(of: "?")
    return (String(url[..<slashes.upperBound]), String(server), question.map { String(url[$0...]) } ?? "")
  }
}
