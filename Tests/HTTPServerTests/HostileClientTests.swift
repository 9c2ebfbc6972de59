import Concurrency
import HTTPServer
import TestSupport
import Testing

/// Clients that are slow, greedy or broken.
@Suite struct HostileClientTests {
  static var impatient: HTTPServer.Limits {
    var limits = HTTPServer.Limits()
    limits.idle = .seconds(1)
    limits.slowestBytesPerSecond = 1 << 20
    return limits
  }

  @Test func `a head that does not come to its end is cut off, however busy its sender is`() async throws {
    try await withServer(HTTPServerTests.routes, limits: Self.impatient) { server in
      let client = try RawClient(port: server.port)
      client.send("GET /health HTTP/1.1\r\nHost: a\r\n")
      startThread(name: "test-drip") { while client.send("X-A: b\r\n") { pauseBetweenDrips() } }
      #expect(!(await client.ended()).contains("well"))
    }
  }

  @Test func `a body that drips is cut off`() async throws {
    try await withServer(HTTPServerTests.routes, limits: Self.impatient) { server in
      let client = try RawClient(port: server.port)
      client.send("POST /upper HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n")
      startThread(name: "test-drip") { while client.send("a") { pauseBetweenDrips() } }
      #expect(!(await client.ended()).contains("200"))
    }
  }

  @Test func `an idle connection is closed, a request that is worked on is not`() async throws {
    let gate = AsyncGate(isOpen: false)
    let routes: [Route] = [
      .suspending("GET", "/wait") { _ in
        try await gate.waitUntilOpen()
        return Response("done")
      }
    ]
    try await withServer(routes, limits: Self.impatient) { server in
      let worker = try RawClient(port: server.port)
      worker.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
      let idler = try RawClient(port: server.port)
      #expect(await idler.ended().isEmpty)
      let second = try RawClient(port: server.port)
      #expect(await second.ended().isEmpty)
      gate.open()
      #expect(await worker.receive { $0.hasSuffix("done") }.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test(arguments: [100, 1000]) func `a head that is too large is refused`(fields: Int) async throws {
    try await withServer(HTTPServerTests.routes) { server in
      let client = try RawClient(port: server.port)
      let field = "X-Field: \(String(repeating: "a", count: 1000))\r\n"
      startThread(name: "test-sender") {
        client.send("GET /health HTTP/1.1\r\nHost: a\r\n\(String(repeating: field, count: fields))\r\n")
      }
      #expect(!(await client.ended()).contains("well"))
      #expect(try await exchange("GET /health HTTP/1.0\r\n\r\n", with: server.port).hasSuffix("well\n"))
    }
  }

  @Test(arguments: [
    "", "G", "GET", "GET /health HTTP/1.1\r\n", "\0\0\0\0\r\n\r\n", "GET /health HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n",
    "GET /health HTTP/1.1\r\n\r\n", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", "GET /health HTTP/1.1\r\nHost : a\r\n\r\n",
    "POST /upper HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /upper HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "POST /upper HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "POST /upper HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
  ])
  func `half and broken requests harm nobody`(text: String) async throws {
    try await withServer(HTTPServerTests.routes, limits: Self.impatient) { server in
      let client = try RawClient(port: server.port)
      client.send(text)
      client.finishSending()
      #expect(!(await client.ended()).hasPrefix("HTTP/1.1 200 OK\r\nContent-Length: 0"))
      #expect(try await exchange("GET /health HTTP/1.0\r\n\r\n", with: server.port).hasSuffix("well\n"))
      try await eventually("the connections are gone") { server.connectionCount == 0 }
    }
  }

  @Test func `connections above the limit wait until there is room`() async throws {
    var limits = HTTPServer.Limits()
    limits.connections = 4
    try await withServer(HTTPServerTests.routes, limits: limits) { server in
      var first = try (0..<4).map { _ in try RawClient(port: server.port) }
      try await eventually("four are open") { server.connectionCount >= 2 }
      let late = try RawClient(port: server.port)
      late.send("GET /health HTTP/1.0\r\n\r\n")
      first = []
      #expect(await late.ended().hasSuffix("well\n"))
      _ = first
    }
  }
}
