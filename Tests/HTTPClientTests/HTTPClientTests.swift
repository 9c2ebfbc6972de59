import Glibc
import HTTPClient
import TestSupport
import Testing

@Suite struct HTTPClientTests {
  let client = HTTPClient()

  @Test func `a response's status, headers and content arrive`() async throws {
    try await withServer(answering { _, _ in ok("hello", headers: "X-Kind: one\r\nx-kind: two\r\n") }) { url, _ in
      let response = try await client.send(HTTPRequest("GET", url))
      #expect(response.status == 200)
      #expect(response.headers["X-KIND"] == "one")
      #expect(response.headers.fields.count == 3)
      #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }
  }

  @Test func `an error status is a response, not an error`() async throws {
    try await withServer(answering { _, _ in "HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy" }) { url, _ in
      let response = try await client.send(HTTPRequest("GET", url))
      #expect(response.status == 503)
      #expect(!response.isSuccess)
      #expect(response.body == Array("busy".utf8))
    }
  }

  @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "GET"])
  func `method, headers and bytes are sent as they are`(method: String) async throws {
    try await withServer(answering { head, body in ok(head + "|" + body) }) { url, _ in
      let request = HTTPRequest(
        method, url + "/a?b=c", headers: ["X-Empty": "", "X-Full": "1"],
        body: .bytes(Array("{}".utf8), contentType: "application/json"))
      let echo = String(decoding: try await client.send(request).body, as: UTF8.self)
      #expect(echo.hasPrefix("\(method) /a?b=c HTTP/1.1\r\n"))
      #expect(echo.contains("\r\nX-Empty:\r\n"))
      #expect(echo.contains("\r\nX-Full: 1\r\n"))
      #expect(echo.contains("\r\nContent-Type: application/json"))
      #expect(!echo.contains("Expect"))
      #expect(echo.hasSuffix("|{}"))
    }
  }

  @Test func `a post without content says so`() async throws {
    try await withServer(answering { head, _ in ok(head) }) { url, _ in
      let echo = String(decoding: try await client.send(HTTPRequest("POST", url)).body, as: UTF8.self)
      #expect(echo.contains("Content-Length: 0"))
      #expect(!echo.contains("Content-Type"))
    }
  }

  @Test func `user and password in the URL become basic authentication`() async throws {
    try await withServer(answering { head, _ in ok(head) }) { url, server in
      let request = HTTPRequest("GET", "http://guest:pass@127.0.0.1:\(server.port)/")
      let echo = String(decoding: try await client.send(request).body, as: UTF8.self)
      #expect(echo.contains("Authorization: Basic Z3Vlc3Q6cGFzcw=="))
    }
  }

  @Test func `a file and a form are streamed from disk`() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let content = String(repeating: "0123456789", count: 20_000)
    try #require(write(content, to: path))
    try await withServer(answering { head, body in ok("\(body.utf8.count)|\(head)|\(body)") }) { url, _ in
      let upload = HTTPRequest("PUT", url, body: .file(path: path, contentType: "audio/wav"))
      let sent = String(decoding: try await client.send(upload).body, as: UTF8.self)
      #expect(sent.hasPrefix("200000|PUT"))
      #expect(sent.contains("Content-Type: audio/wav"))
      #expect(sent.hasSuffix(content))

      let form = HTTPRequest(
        "POST", url,
        body: .form([
          .init(name: "model", content: .text("small")),
          .init(name: "file", content: .file(path: path, name: "a \"b\".wav", contentType: "audio/wav")),
        ]))
      let posted = String(decoding: try await client.send(form).body, as: UTF8.self)
      #expect(posted.contains("multipart/form-data; boundary="))
      #expect(posted.contains("name=\"model\"\r\n\r\nsmall\r\n"))
      #expect(posted.contains("filename=\"a %22b%22.wav\"\r\nContent-Type: audio/wav\r\n\r\n\(content)\r\n"))
    }
  }

  @Test func `connections are used again`() async throws {
    try await withServer(answering { _, _ in ok("x") }) { url, server in
      for _ in 0..<20 { _ = try await client.send(HTTPRequest("GET", url)) }
      #expect(server.connections == 1)
    }
  }

  @Test func `many requests at once are all answered`() async throws {
    try await withServer(answering { head, _ in ok(String(head.prefix { $0 != "H" })) }) { url, server in
      try await withThrowingTaskGroup { group in
        for number in 0..<200 {
          group.addTask {
            let response = try await client.send(HTTPRequest("GET", "\(url)/\(number)"))
            #expect(String(decoding: response.body, as: UTF8.self) == "GET /\(number) ")
          }
        }
        try await group.waitForAll()
      }
      #expect(server.connections <= 16)
    }
  }

  @Test func `a redirect is the response unless the request follows it`() async throws {
    let server = answering { head, _ in
      head.hasPrefix("GET /here") ? ok("arrived") : "HTTP/1.1 302 Go\r\nLocation: /here\r\nContent-Length: 0\r\n\r\n"
    }
    try await withServer(server) { url, _ in
      let kept = try await client.send(HTTPRequest("GET", url))
      #expect(kept.status == 302)
      #expect(kept.headers["location"] == "/here")
      let followed = try await client.send(HTTPRequest("GET", url, maximumRedirects: 1))
      #expect(followed.status == 200)
      #expect(followed.headers["location"] == nil)
      #expect(String(decoding: followed.body, as: UTF8.self) == "arrived")
    }
  }

  @Test func `a download has the content in its file`() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let content = String(repeating: "abcdefgh", count: 100_000)
    try await withServer(answering { _, _ in ok(content) }) { url, _ in
      let head = try await client.download(HTTPRequest("GET", url), to: path, limit: 1_000_000)
      #expect(head.isSuccess)
      #expect(readText(of: path) == content)
    }
  }
}

func temporaryPath() -> String {
  let folder = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
  return "\(folder)/http-client-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
}

func write(_ text: String, to path: String) -> Bool {
  guard let file = fopen(path, "w") else { return false }
  defer { fclose(file) }
  return fputs(text, file) >= 0
}

func readText(of path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}
