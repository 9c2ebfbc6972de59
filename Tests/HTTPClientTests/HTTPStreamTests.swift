import HTTPClient
import TestSupport
import Testing

@Suite struct HTTPStreamTests {
  let client = HTTPClient()

  @Test func `chunks are handed over while the response still comes`() async throws {
    let server: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
      // The end never comes.
      connection.waitForClose()
    }
    try await withServer(server) { url, _ in
      let first = try await client.stream(HTTPRequest("GET", url), limit: 1000) { head, chunks in
        #expect(head.status == 200)
        return try await chunks.next()
      }
      #expect(first == Array("first".utf8))
    }
  }

  @Test func `all chunks together are the content, and then comes nil`() async throws {
    let content = String(repeating: "0123456789abcdef", count: 100_000)
    try await withServer(answering { _, _ in ok(content) }) { url, _ in
      let received = try await client.stream(HTTPRequest("GET", url), limit: 2_000_000) { _, chunks in
        var bytes: [UInt8] = []
        while let chunk = try await chunks.next() {
          #expect(chunk.count <= 512 << 10)
          bytes += chunk
        }
        #expect(try await chunks.next() == nil)
        return bytes
      }
      #expect(received == Array(content.utf8))
    }
  }

  @Test func `a consumer that leaves closes the connection`() async throws {
    struct Enough: Error {}
    let (closes, closed) = AsyncStream.makeStream(of: Void.self)
    let endless: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      while connection.write(String(repeating: "x", count: 10_000)) {}
      closed.yield()
    }
    await withServer(endless) { url, _ in
      await #expect(throws: Enough.self) {
        try await client.stream(HTTPRequest("GET", url), limit: .max) { _, chunks in
          _ = try await chunks.next()
          throw Enough()
        }
      }
      await closes.first { true }
    }
  }

  @Test func `a slow consumer slows the peer down instead of filling memory`() async throws {
    let (blocks, blocked) = AsyncStream.makeStream(of: Int.self)
    let server: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
      blocked.yield(connection.writeUntilBlocked(atMost: 200_000_000))
    }
    try await withServer(server) { url, _ in
      try await client.stream(HTTPRequest("GET", url), limit: .max) { _, chunks in
        let taken = try #require(await blocks.first { _ in true })
        // What the kernel buffers on loopback plus what the client does.
        #expect(taken < 32_000_000)
      }
    }
  }

  @Test func `a stream that breaks off throws after what came`() async throws {
    let half: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    }
    try await withServer(half) { url, _ in
      let error = try await client.stream(HTTPRequest("GET", url), limit: 1000) { _, chunks in
        let half = try await chunks.next()
        #expect(half == Array("half".utf8))
        return await #expect(throws: HTTPClientError.self) { try await chunks.next() }
      }
      #expect(error?.kind == .aborted)
    }
  }

  @Test func `cancelling the consumer's task ends its wait`() async {
    let silent: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      connection.waitForClose()
    }
    await withServer(silent) { url, _ in
      let (starts, started) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        try await client.stream(HTTPRequest("GET", url), limit: 1000) { _, chunks in
          while try await chunks.next() != nil { started.yield() }
        }
      }
      await starts.first { true }
      task.cancel()
      let error = await #expect(throws: HTTPClientError.self) { try await task.value }
      #expect(error?.kind == .cancelled)
    }
  }
}
