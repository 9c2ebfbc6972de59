import Concurrency
import HTTPServer
import TestSupport
import Testing

@Suite struct StoppingTests {
  private static func serving(
    _ routes: [Route], grace: Duration, _ body: (UInt16, Task<Void, any Error>) async throws -> Void
  ) async throws {
    var configuration = HTTPServer.Configuration()
    configuration.limits.grace = grace
    let server = try HTTPServer(configuration, routes: routes)
    let running = Task { try await server.run() }
    defer { running.cancel() }
    try await body(server.port, running)
  }

  @Test func `a stop waits for what is being answered, and accepts nothing more`() async throws {
    let (started, gate) = (AsyncGate(isOpen: false), AsyncGate(isOpen: false))
    let route = Route.suspending("GET", "/") { _ in
      started.open()
      try await gate.waitUntilOpen()
      return Response("done")
    }
    try await Self.serving([route], grace: .seconds(60)) { port, running in
      let client = try RawClient(port: port)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      try await started.waitUntilOpen()
      running.cancel()
      try await eventually("nobody is accepted") { (try? RawClient(port: port)) == nil }
      gate.open()
      let answer = await client.ended()
      #expect(answer.hasSuffix("done"))
      #expect(answer.contains("Connection: close"))
      try await running.value
    }
  }

  @Test func `what goes on beyond the grace time is broken off`() async throws {
    let started = AsyncGate(isOpen: false)
    let never = AsyncGate(isOpen: false)
    let routes: [Route] = [
      .suspending("GET", "/deaf") { _ in
        started.open()
        // Unstructured, so that it hears of no cancellation.
        try await Task { try await never.waitUntilOpen() }.value
        return Response("late")
      },
      .suspending("GET", "/endless") { _ in
        Response(
          body: .stream { writer in
            try await writer.write("begun\n")
            try await never.waitUntilOpen()
          })
      },
      .streaming("PUT", "/body", limit: 1000) { _, body in
        while try await body.next() != nil {}
        return Response("")
      },
    ]
    try await Self.serving(routes, grace: .milliseconds(100)) { port, running in
      let clients = try (0..<3).map { _ in try RawClient(port: port) }
      clients[0].send("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n")
      clients[1].send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      clients[2].send("PUT /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
      try await started.waitUntilOpen()
      #expect(await clients[1].receive { $0.contains("begun") }.contains("begun"))
      running.cancel()
      try await running.value
      for client in clients { #expect(!(await client.ended()).contains("late")) }
      never.open()
    }
  }

  @Test func `an address that is taken is named`() async throws {
    let first = try HTTPServer(HTTPServer.Configuration(), routes: [])
    var configuration = HTTPServer.Configuration()
    configuration.port = first.port
    #expect {
      try HTTPServer(configuration, routes: [])
    } throws: { "\($0)".contains("127.0.0.1, port \(first.port): Address already in use") }
    configuration.address = "localhost"
    #expect(throws: HTTPServerError.invalidAddress("localhost")) { try HTTPServer(configuration, routes: []) }
  }
}
