import Glibc
import HTTPClient
import TestSupport
import Testing

/// Every way a peer or a caller can go wrong has its kind of error.
@Suite struct HTTPClientFailureTests {
  let client = HTTPClient()

  func kind(of request: HTTPRequest, limit: Int = 1 << 20) async -> HTTPClientError.Kind? {
    do throws(HTTPClientError) {
      _ = try await client.send(request, limit: limit)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test(arguments: [
    "", "ftp://127.0.0.1/", "file:///etc/hostname", "127.0.0.1", "http://", "http://a b/", "http:///\0",
  ])
  func `only http and https URLs are sent`(url: String) async {
    #expect(await kind(of: HTTPRequest("GET", url)) == .invalidRequest)
  }

  @Test func `a header or method that would add lines of its own is refused`() async {
    let url = "http://127.0.0.1:1/"
    #expect(await kind(of: HTTPRequest("GET", url, headers: ["A": "b\r\nC: d"])) == .invalidRequest)
    #expect(await kind(of: HTTPRequest("GET", url, headers: ["A\r\nC": "d"])) == .invalidRequest)
    #expect(await kind(of: HTTPRequest("GET / HTTP/1.1\r\n", url)) == .invalidRequest)
    #expect(await kind(of: HTTPRequest("POST", url, body: .bytes([], contentType: "a\nb"))) == .invalidRequest)
    #expect(
      await kind(of: HTTPRequest("PUT", url, body: .file(path: "/none/x", contentType: "a/b"))) == .invalidRequest)
  }

  @Test func `a name without address does not resolve`() async {
    #expect(await kind(of: HTTPRequest("GET", "http://nowhere.invalid/")) == .resolve)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "127.1", "0x7f000001"])
  func `an address that is not allowed is never connected to, however it is spelled`(host: String) async {
    var configuration = HTTPClient.Configuration()
    configuration.allowsAddress = { peer in
      peer.bytes != [127, 0, 0, 1] && peer.bytes != [UInt8](repeating: 0, count: 15) + [1]
    }
    let guarded = HTTPClient(configuration: configuration)
    await withServer(answering { _, _ in ok("x") }) { _, server in
      let error = await #expect(throws: HTTPClientError.self) {
        try await guarded.send(HTTPRequest("GET", "http://\(host):\(server.port)/"))
      }
      #expect(error?.kind == .refusedAddress)
      #expect(server.connections == 0)
    }
  }

  @Test func `a port where nobody listens is not connected`() async {
    let server = LoopbackServer { _ in }
    server.stop()
    #expect(await kind(of: HTTPRequest("GET", "http://127.0.0.1:\(server.port)/")) == .connect)
  }

  @Test func `a peer without TLS is not trusted`() async {
    await withServer({ $0.write("no TLS here\r\n\r\n") }) { _, server in
      #expect(await kind(of: HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")) == .tls)
    }
  }

  @Test func `a peer that never answers meets the deadline`() async {
    await withServer({ $0.waitForClose() }) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url, deadline: .milliseconds(100))) == .timeout)
    }
  }

  @Test func `a peer that trickles is too slow`() async {
    let trickle: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while connection.write(".") { usleep(50_000) }
    }
    await withServer(trickle) { url, _ in
      let speed = HTTPRequest.MinimumSpeed(bytesPerSecond: 1000, duration: .seconds(1))
      #expect(await kind(of: HTTPRequest("GET", url, minimumSpeed: speed)) == .timeout)
    }
  }

  @Test func `a response that ends before its content does is lost`() async {
    let half: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    }
    await withServer(half) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url)) == .aborted)
      let path = temporaryPath()
      await #expect(throws: HTTPClientError.self) {
        try await client.download(HTTPRequest("GET", url), to: path, limit: 1000)
      }
      #expect(access(path, F_OK) != 0, "what did not come whole must not be kept")
    }
    let chunks: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz")
    }
    await withServer(chunks) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url)) == .aborted)
    }
    await withServer({ _ = $0.readRequest() }) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url)) == .aborted)
    }
  }

  @Test(arguments: [
    "garbage\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
  ])
  func `a peer that does not speak HTTP violates the protocol`(answer: String) async {
    let server: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write(answer)
    }
    await withServer(server) { url, _ in
      let kind = await kind(of: HTTPRequest("GET", url, deadline: .seconds(5)))
      #expect(kind == .protocolViolation)
    }
  }

  @Test func `content over the limit is refused, announced or not`() async {
    await withServer(answering { _, _ in ok("12345") }) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url), limit: 5) == nil)
      #expect(await kind(of: HTTPRequest("GET", url), limit: 4) == .tooLarge)
    }
    let endless: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      while connection.write(String(repeating: "x", count: 10_000)) {}
    }
    await withServer(endless) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url), limit: 1 << 20) == .tooLarge)
      let path = temporaryPath()
      await #expect(throws: HTTPClientError.self) {
        try await client.download(HTTPRequest("GET", url), to: path, limit: 1 << 20)
      }
      #expect(access(path, F_OK) != 0)
    }
  }

  @Test func `header fields without end are refused`() async {
    let endless: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n")
      while connection.write("X-Filler: \(String(repeating: "x", count: 1000))\r\n") {}
    }
    await withServer(endless) { url, _ in
      #expect(await kind(of: HTTPRequest("GET", url)) == .tooLarge)
    }
  }

  @Test func `a download into a missing folder says which file`() async {
    await withServer(answering { _, _ in ok("x") }) { url, _ in
      let error = await #expect(throws: HTTPClientError.self) {
        try await client.download(HTTPRequest("GET", url), to: "/none/of/this", limit: 10)
      }
      #expect(error?.kind == .file)
      #expect(error?.detail.contains("/none/of/this") == true)
    }
  }

  @Test func `an error does not tell the URL's secrets`() async throws {
    let request = HTTPRequest("GET", "http://user:geheim@127.0.0.1:1/path?token=geheim#geheim")
    let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
    let description = try #require(error).description
    #expect(!description.contains("geheim"))
    #expect(description.hasPrefix("http://127.0.0.1:1/path: "))
  }

  @Test func `cancelling the task aborts the transfer`() async {
    let (requests, requested) = AsyncStream.makeStream(of: Void.self)
    let (closes, closed) = AsyncStream.makeStream(of: Void.self)
    let silent: @Sendable (LoopbackServer.Connection) -> Void = { connection in
      _ = connection.readRequest()
      requested.yield()
      connection.waitForClose()
      closed.yield()
    }
    await withServer(silent) { url, _ in
      let task = Task { await kind(of: HTTPRequest("GET", url)) }
      await requests.first { true }
      task.cancel()
      #expect(await task.value == .cancelled)
      await closes.first { true }
    }
  }

  @Test func `a task that was cancelled before sends nothing`() async {
    await withServer(answering { _, _ in ok("x") }) { url, server in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await kind(of: HTTPRequest("GET", url))
      }
      #expect(await task.value == .cancelled)
      #expect(server.connections == 0)
    }
  }
}
