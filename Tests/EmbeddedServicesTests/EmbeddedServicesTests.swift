import Concurrency
import EmbeddedServices
import FoundationEssentials
import Glibc
import PostgreSQL
import TestSupport
import Testing

// Each test starts a broker and a database of its own, so they run one after the other.
@Suite(.serialized) struct EmbeddedServicesTests {
  @Test func `services answer after the start, keep their data and ports over a restart, and leave no process`()
    async throws
  {
    try await withFolder { folder in
      let first = try await withServices(in: folder) { _, endpoints in
        try await execute("create table kept (v vector(2))", at: endpoints.databaseURL)
        return endpoints
      }
      try await expectNoProcess(of: folder)
      try await withServices(in: folder) { _, endpoints in
        #expect(endpoints == first)
        // What has a lower number came with the server for pg_dump, which would leave it out.
        try await execute(
          "select 1 / (oid >= 16384)::int from pg_extension where extname = 'vector'", at: endpoints.databaseURL)
        try await execute("insert into kept values ('[1,2]')", at: endpoints.databaseURL)
      }
      try await expectNoProcess(of: folder)
      // Neither was killed, nor found that it had been. The database was also made by a process of its own.
      let logs = ["rabbitmq/output.log", "postgresql.log"].map { contents(of: "\(folder)/\($0)") }
      #expect(logs.map { $0.components(separatedBy: "the process ended with status 0").count - 1 } == [2, 3])
      #expect(!logs[1].contains("automatic recovery"))
    }
  }

  @Test func `a folder with spaces and a path longer than a socket's may be is fine`() async throws {
    try await withFolder { folder in
      let long = "\(folder)/with space/\(String(repeating: "long", count: 30))"
      try await withServices(in: long) { _, endpoints in
        try await execute("select '[1]'::vector", at: endpoints.databaseURL)
      }
    }
  }

  @Test func `services end when the process that holds them is killed, and the next start finds order`() async throws {
    try await withFolder { folder in
      let data = "\(folder)/data"
      let holder = try ServiceHolder(folder: data)
      do {
        try await eventually("the holder's services answer", within: .seconds(60)) {
          access("\(data)/ready", F_OK) == 0
        }
        #expect(processes(of: data).count > 2)
      } catch {
        holder.kill()
        throw error
      }
      holder.kill()
      try await expectNoProcess(of: data)
      try await withServices(in: data) { _, endpoints in
        try await execute("select 1", at: endpoints.databaseURL)
      }
    }
  }

  @Test func `a second start in a folder that is in use says who uses it`() async throws {
    try await withFolder { folder in
      try await withServices(in: folder) { _, _ in
        let error = await #expect(throws: EmbeddedServiceError.self) {
          try await EmbeddedServices(try configuration(in: folder)).start()
        }
        #expect(error?.description.contains("process \(getpid()), since 20") == true, "\(error as Any)")
      }
    }
  }

  @Test func `a recorded port that someone else took is replaced, the others stay`() async throws {
    try await withFolder { folder in
      let before = try await withServices(in: folder) { _, endpoints in endpoints }
      let thief = try ListeningSocket(port: port(of: before.databaseURL))
      try await withServices(in: folder) { _, after in
        #expect(after.databaseURL != before.databaseURL)
        #expect(after.amqpURL == before.amqpURL)
        try await execute("select 1", at: after.databaseURL)
      }
      thief.close()
    }
  }

  @Test func `a port that someone takes between its choice and its use is replaced`() async throws {
    try await withFolder { folder in
      var configuration = try configuration(in: "\(folder)/data")
      let script = """
        #!/bin/sh
        if [ ! -e '\(folder)/waiting' ]; then
          touch '\(folder)/waiting'
          while [ ! -e '\(folder)/taken' ]; do sleep 0.05; done
        fi
        exec '\(configuration.brokerProgram)'
        """
      try Data(script.utf8).write(to: URL(filePath: "\(folder)/broker"))
      chmod("\(folder)/broker", 0o755)
      configuration.brokerProgram = "\(folder)/broker"
      let services = EmbeddedServices(configuration)
      async let start = services.start()
      try await eventually("the broker is about to listen") { access("\(folder)/waiting", F_OK) == 0 }
      let record = contents(of: "\(folder)/data/services.json")
      let taken = try #require(record.firstMatch(of: #/"amqp":(\d+)/#).flatMap { Int($0.1) })
      let thief = try ListeningSocket(port: taken)
      try Data().write(to: URL(filePath: "\(folder)/taken"))
      let endpoints = try await start
      #expect(try port(of: endpoints.amqpURL) != taken)
      await services.stop()
      thief.close()
    }
  }

  @Test func `a service that dies is reported and started again`() async throws {
    try await withFolder { folder in
      try await withServices(in: folder) { services, endpoints in
        let postmaster = try #require(
          FileManager.default.contents(atPath: "\(folder)/postgresql/data/postmaster.pid")
            .flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n").first }.flatMap { pid_t($0) })
        kill(postmaster, SIGKILL)
        var events: [String] = []
        for await event in services.events {
          switch event {
          case .died(let service, _, let logTail):
            #expect(logTail.contains("the process ended with status 137"))
            events.append("\(service) died")
          case .restartFailed(_, _, let reason): Issue.record("\(reason)")
          case .restarted(let service): events.append("\(service) restarted")
          }
          if events.count == 2 { break }
        }
        #expect(events == ["database died", "database restarted"])
        try await execute("select 1", at: endpoints.databaseURL)
      }
    }
  }

  @Test func `a missing broker is an error that names the package`() async throws {
    try await withFolder { folder in
      var configuration = try configuration(in: folder)
      configuration.brokerProgram = "/nowhere/rabbitmq-server"
      let error = await #expect(throws: EmbeddedServiceError.self) {
        try await EmbeddedServices(configuration).start()
      }
      #expect(error?.description.contains("apt-get install --no-install-recommends rabbitmq-server") == true)
    }
  }

  @Test func `a start that fails says what the service wrote, leaves no process and releases the folder`() async throws
  {
    try await withFolder { folder in
      let broken = "\(folder)/broken"
      try Data("#!/bin/sh\necho no erlang here\nexit 3\n".utf8).write(to: URL(filePath: broken))
      chmod(broken, 0o755)
      var configuration = try configuration(in: "\(folder)/data")
      configuration.brokerProgram = broken
      let error = await #expect(throws: EmbeddedServiceError.self) {
        try await EmbeddedServices(configuration).start()
      }
      #expect(error?.description.contains("no erlang here") == true)
      try await expectNoProcess(of: folder)
      try await withServices(in: "\(folder)/data") { _, endpoints in
        try await execute("select 1", at: endpoints.databaseURL)
      }
    }
  }

  /// The Erlang VM's helpers are in sessions of their own, and end when they see that it is gone.
  private func expectNoProcess(of folder: String) async throws {
    try await eventually("no process is left of \(folder)") { processes(of: folder).isEmpty }
  }

  private func contents(of path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private func execute(_ statement: SQL, at url: String) async throws {
    let loop = EventLoop(name: "test-database")
    defer { loop.stop() }
    let connection = try await PostgresConnection.connect(PostgresConfiguration(url: url), on: loop)
    try await connection.query(statement)
    await connection.close()
  }
}

/// A server that holds a port of the loopback interface.
private struct ListeningSocket {
  let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let status = withUnsafeBytes(of: address) {
      bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
    }
    guard status == 0, listen(descriptor, 1) == 0 else { throw Unavailable("cannot take port \(port)") }
  }

  func close() { _ = Glibc.close(descriptor) }
}
