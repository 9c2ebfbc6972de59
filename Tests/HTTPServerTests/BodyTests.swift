import Concurrency
import HTTPFields
import HTTPServer
import Synchronization
import TestSupport
import Testing

/// Requests with a body, whole and as it comes.
@Suite struct BodyTests {
  private static let sum = Route.streaming("PUT", "/sum", limit: 8 << 20) { request, body in
    if request.headers["Authorization"] == nil { throw HTTPProblem(401, "who are you?") }
    var count = 0
    var total: UInt64 = 0
    while let chunk = try await body.next() {
      count += chunk.count
      total = chunk.reduce(total) { $0 &+ UInt64($1) }
    }
    return Response("\(count) \(total)\n")
  }

  private static func head(_ fields: String...) -> String {
    (["PUT /sum HTTP/1.1", "Host: a", "Connection: close"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
  }

  @Test func `a body is given whole, however it was cut up`() async throws {
    try await withServer(HTTPServerTests.routes) { server in
      let client = try RawClient(port: server.port)
      for byte in "POST /upper HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc".utf8 {
        client.send([byte])
      }
      #expect(await client.ended().hasSuffix("\r\n\r\nABC"))
      let chunked = try await exchange(
        "POST /upper HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n", with: server.port)
      #expect(chunked.hasSuffix("\r\n\r\nDEF"))
    }
  }

  @Test(arguments: [
    "Content-Length: 10001\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n2711\r\n\(String(repeating: "a", count: 10001))\r\n0\r\n\r\n",
  ])
  func `a body above the limit is refused`(rest: String) async throws {
    try await withServer(HTTPServerTests.routes) { server in
      for method in ["POST"] {
        let answer = try await exchange(
          "\(method) /upper HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(rest)", with: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
      }
    }
  }

  @Test func `a route without a body refuses one, whatever the method`() async throws {
    try await withServer(HTTPServerTests.routes + [.immediate("PATCH", "/none") { _ in Response("") }]) { server in
      for line in ["GET /health", "PATCH /none", "GET /things/1"] {
        let answer = try await exchange(
          "\(line) HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", with: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(line): \(answer)")
      }
    }
  }

  @Test func `two lengths in one head are refused`() async throws {
    try await withServer([Self.sum]) { server in
      let answer = try await exchange(
        Self.head("Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\n", with: server.port)
      #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func `a streamed body arrives complete and in order`() async throws {
    try await withServer([Self.sum]) { server in
      let client = try RawClient(port: server.port)
      let body = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      startThread(name: "test-sender") {
        client.send(Self.head("Authorization: me", "Content-Length: \(body.count)"))
        client.send(body)
      }
      let total = body.reduce(UInt64(0)) { $0 &+ UInt64($1) }
      #expect(await client.ended().hasSuffix("\r\n\r\n\(body.count) \(total)\n"))
    }
  }

  @Test func `who is refused by the head need not send the body`() async throws {
    try await withServer([Self.sum]) { server in
      let answer = try await exchange(
        Self.head("Content-Length: 5000000", "Expect: 100-continue"), with: server.port)
      #expect(answer.hasPrefix("HTTP/1.1 401 "), "\(answer)")
    }
  }

  @Test func `who waits for leave to send the body gets it when the handler reads`() async throws {
    try await withServer([Self.sum]) { server in
      let client = try RawClient(port: server.port)
      client.send(Self.head("Authorization: me", "Content-Length: 2", "Expect: 100-continue"))
      #expect(await client.receive { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 100 "))
      client.send("ab")
      #expect(await client.ended().hasSuffix("2 195\n"))
    }
  }

  @Test func `a streamed body above the limit fails the handler's reading`() async throws {
    let route = Route.streaming("PUT", "/sum", limit: 1000) { _, body in
      while try await body.next() != nil {}
      return Response("all")
    }
    try await withServer([route]) { server in
      let answer = try await exchange(
        Self.head("Transfer-Encoding: chunked") + "7d0\r\n\(String(repeating: "a", count: 2000))\r\n0\r\n\r\n",
        with: server.port)
      #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
    }
  }

  @Test func `a fast client waits for a slow handler`() async throws {
    let gate = AsyncGate(isOpen: false)
    let isReading = AsyncGate(isOpen: false)
    let route = Route.streaming("PUT", "/sum", limit: 1 << 30) { _, body in
      var count = try await body.next()?.count ?? 0
      isReading.open()
      try await gate.waitUntilOpen()
      while let chunk = try await body.next() { count += chunk.count }
      return Response("\(count)\n")
    }
    try await withServer([route]) { server in
      let client = try RawClient(port: server.port)
      let size = 64 << 20
      let sent = Atomic<Int>(0)
      startThread(name: "test-sender") {
        client.send(Self.head("Content-Length: \(size)"))
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<64 where client.send(piece) { sent.wrappingAdd(piece.count, ordering: .relaxed) }
      }
      try await isReading.waitUntilOpen()
      // The kernel's buffers and ours take some megabytes; then the sender stands still.
      var last = -1
      try await eventually("the sender stands still") {
        defer { last = sent.load(ordering: .relaxed) }
        return last == sent.load(ordering: .relaxed)
      }
      #expect(sent.load(ordering: .relaxed) < size / 2)
      gate.open()
      #expect(await client.ended().hasSuffix("\(size)\n"))
    }
  }

  @Test func `a handler learns that its client went away in the middle of a body`() async throws {
    let ended = AsyncGate(isOpen: false)
    let route = Route.streaming("PUT", "/sum", limit: 1000) { _, body in
      do { while try await body.next() != nil {} } catch is ConnectionLost { ended.open() }
      return Response("")
    }
    try await withServer([route], limits: HostileClientTests.impatient) { server in
      do {
        let client = try RawClient(port: server.port)
        client.send(Self.head("Content-Length: 100") + "abc")
      }
      try await ended.waitUntilOpen()
    }
  }
}
