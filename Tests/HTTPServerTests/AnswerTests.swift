import Concurrency
import FoundationEssentials
import Glibc
import HTTPFields
import HTTPServer
import Synchronization
import TestSupport
import Testing

/// Answers from memory, from files and from producers.
@Suite struct AnswerTests {
  private static let get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  private static func route(_ answer: @escaping @Sendable () throws -> Response) -> [Route] {
    [.suspending("GET", "/") { _ in try answer() }]
  }

  @Test func `a part of a file is sent`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/file"
      try Data("0123456789".utf8).write(to: URL(filePath: path))
      let routes = Self.route {
        Response(status: 206, body: .file(FileRange(descriptor: open(path, O_RDONLY), offset: 3, length: 4)))
      }
      try await withServer(routes) { server in
        let answer = try await exchange(Self.get, with: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 206 "))
        #expect(answer.contains("Content-Length: 4\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n3456"))
      }
    }
  }

  @Test func `a stream of unknown length comes in chunks, each when it is written`() async throws {
    let gate = AsyncGate(isOpen: false)
    let routes = Self.route {
      Response(
        body: .stream { writer in
          try await writer.write("one\n")
          try await gate.waitUntilOpen()
          try await writer.write("two\n")
        })
    }
    try await withServer(routes) { server in
      let client = try RawClient(port: server.port)
      client.send(Self.get)
      let first = await client.receive { $0.contains("one\n") }
      #expect(first.contains("Transfer-Encoding: chunked"))
      gate.open()
      let second = await client.ended()
      #expect(second.contains("two\n"))
      #expect(second.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test func `a stream of known length says it`() async throws {
    let routes = Self.route { Response(body: .stream(length: 6) { try await $0.write("abcdef") }) }
    try await withServer(routes) { server in
      let answer = try await exchange(Self.get, with: server.port)
      #expect(answer.contains("Content-Length: 6\r\n"))
      #expect(answer.hasSuffix("\r\n\r\nabcdef"))
    }
  }

  @Test func `a producer that fails cuts the connection, so that the end is missing`() async throws {
    let routes = Self.route {
      Response(
        body: .stream { writer in
          try await writer.write("half")
          throw HTTPProblem(500, "no more")
        })
    }
    try await withServer(routes) { server in
      let answer = try await exchange(Self.get, with: server.port)
      #expect(!answer.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test func `a producer waits for a slow client, and ends when it goes away`() async throws {
    let written = Atomic<Int>(0)
    let ended = AsyncGate(isOpen: false)
    let routes = Self.route {
      Response(
        body: .stream { writer in
          defer { ended.open() }
          let piece = [UInt8](repeating: 1, count: 64 << 10)
          while true {
            try await writer.write(piece)
            written.wrappingAdd(piece.count, ordering: .relaxed)
          }
        })
    }
    try await withServer(routes, limits: HostileClientTests.impatient) { server in
      do {
        let client = try RawClient(port: server.port)
        client.send(Self.get)
        var last = -1
        try await eventually("the producer stands still") {
          let now = written.load(ordering: .relaxed)
          defer { last = now }
          return now > 0 && last == now
        }
        #expect(written.load(ordering: .relaxed) < 64 << 20)
      }
      try await ended.waitUntilOpen()
    }
  }
}
