import Concurrency
import HTTPFields
import HTTPServer
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerTests {
  static let routes: [Route] = [
    .immediate("GET", "/health") { _ in Response("well\n") },
    .immediate("GET", "/echo") { request in
      Response("\(request.query("q") ?? "–") \(request.header("x-word") ?? "–")\n")
    },
    .suspending("GET", "/things/{id}") { request in
      Response("thing \(request.parameters["id"] ?? "")\n")
    },
    .suspending("GET", "/things/{id}/parts/{part}") { request in
      Response("part \(request.parameters["part"] ?? "") of \(request.parameters["id"] ?? "")\n")
    },
    .suspending("POST", "/upper", limit: 10_000) { request in
      Response(String(decoding: request.body, as: UTF8.self).uppercased())
    },
    .suspending("GET", "/teapot") { _ in throw HTTPProblem(418, "expected \"coffee\"") },
    .suspending("GET", "/broken") { _ in throw CancellationError() },
    .suspending("GET", "/injected") { _ in
      Response(status: 200, headers: ["X-A": "b\r\nX-C: d"], body: .bytes([]))
    },
  ]

  @Test func `an immediate route is answered, and the connection stays for the next request`() async throws {
    try await withServer(Self.routes) { server in
      let client = try RawClient(port: server.port)
      for _ in 0..<3 {
        client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = await client.receive { $0.hasSuffix("well\n") }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.contains("Content-Length: 5\r\n"))
      }
      #expect(server.connectionCount == 1)
    }
  }

  @Test func `requests that come together are answered in their order`() async throws {
    try await withServer(Self.routes) { server in
      let answer = try await exchange(
        "GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"
          + "GET /things/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", with: server.port)
      let bodies = answer.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "\n" } }
      #expect(bodies == ["thing 1", "well", "thing 2"])
    }
  }

  @Test(arguments: [
    ("GET /things/a%20b%2Fc HTTP/1.1", 200, "thing a b/c"), ("GET /things/1/parts/2 HTTP/1.1", 200, "part 2 of 1"),
    ("GET /echo?q=a%26b+c&q=2 HTTP/1.1", 200, "a&b c –"), ("GET /nowhere HTTP/1.1", 404, "nothing at this path"),
    ("GET /things/ HTTP/1.1", 404, "nothing"), ("DELETE /things/1 HTTP/1.1", 405, "expected one of GET, HEAD"),
    ("GET /things/%zz HTTP/1.1", 400, "percent-encoding"), ("GET /things/%00 HTTP/1.1", 400, "control characters"),
    ("GET /things/%ff HTTP/1.1", 400, "UTF-8"), ("GET /things/1?a=%f HTTP/1.1", 400, "query"),
    ("GET /teapot HTTP/1.1", 418, #""detail":"expected \"coffee\"""#), ("GET /broken HTTP/1.1", 500, "failed"),
    ("GET /injected HTTP/1.1", 500, "could not be written"),
  ])
  func `a request has the answer of its route`(line: String, status: Int, text: String) async throws {
    try await withServer(Self.routes) { server in
      let answer = try await exchange("\(line)\r\nHost: a\r\nConnection: close\r\n\r\n", with: server.port)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
      #expect(answer.contains(text), "\(answer)")
      #expect(!answer.contains("X-C"))
    }
  }

  @Test func `HEAD is answered as GET without content`() async throws {
    try await withServer(Self.routes) { server in
      for path in ["/health", "/things/1234"] {
        let answer = try await exchange(
          "HEAD \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", with: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.contains(path == "/health" ? "Content-Length: 5\r\n" : "Content-Length: 11\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
      }
    }
  }

  @Test func `five hundred requests wait without a thread each`() async throws {
    let gate = AsyncGate(isOpen: false)
    let waiting = Atomic<Int>(0)
    let routes: [Route] = [
      .suspending("GET", "/wait") { _ in
        waiting.wrappingAdd(1, ordering: .relaxed)
        try await gate.waitUntilOpen()
        return Response("done")
      },
      .immediate("GET", "/health") { _ in Response("well\n") },
    ]
    try await withServer(routes) { server in
      let clients = try (0..<500).map { _ in try RawClient(port: server.port) }
      for client in clients { client.send("GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") }
      try await eventually("all wait") { waiting.load(ordering: .relaxed) == 500 }
      let answer = try await exchange(
        "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", with: server.port)
      #expect(answer.hasSuffix("well\n"))
      #expect(try threadCount() < 300)
      gate.open()
      for client in clients { #expect(await client.ended().hasSuffix("done")) }
    }
  }
}
