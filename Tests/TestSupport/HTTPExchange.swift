internal import Concurrency
internal import FoundationEssentials
internal import Glibc

/// One HTTP request and its answer over a socket of its own, enough for the broker's management API.
struct HTTPExchange: Sendable {
  struct Answer: Sendable {
    let status: Int
    let body: String
  }

  let method: String
  /// An `http` URL with an IPv4 address; user and password in it are sent as basic authentication.
  let url: URL
  let body: String

  /// Seconds that connecting, and each read and write, may take.
  private static let timeout = 20

  func run() async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      startThread(name: "test-http") { continuation.resume(with: Result { try runBlocking() }) }
    }
  }

  private func runBlocking() throws -> Answer {
    let descriptor = try connectedSocket()
    defer { close(descriptor) }
    try send(request, to: descriptor)
    return try answer(from: readAll(from: descriptor))
  }

  private var request: String {
    let user = url.user(percentEncoded: false) ?? ""
    let password = url.password(percentEncoded: false) ?? ""
    let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
    return """
      \(method) \(url.path(percentEncoded: true)) HTTP/1.0\r
      Host: \(url.host ?? "")\r
      Authorization: Basic \(credentials)\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """
  }

  private func connectedSocket() throws -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(url.port ?? 80).bigEndian
    guard inet_pton(AF_INET, url.host ?? "", &address.sin_addr) == 1 else { throw Failure("not an address", url: url) }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("socket", errno: errno, url: url) }
    var limit = timeval(tv_sec: Self.timeout, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeBytes(of: address) { bytes in
      connect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, size)
    }
    guard status == 0 else {
      let failure = Failure("connect", errno: errno, url: url)
      close(descriptor)
      throw failure
    }
    return descriptor
  }

  private func send(_ text: String, to descriptor: Int32) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure("send", errno: errno, url: url) }
      rest = rest.dropFirst(count)
    }
  }

  private func readAll(from descriptor: Int32) throws -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { throw Failure("receive", errno: errno, url: url) }
      if count == 0 { return String(decoding: all, as: UTF8.self) }
      all += buffer[..<count]
    }
  }

  private func answer(from text: String) throws -> Answer {
    // "HTTP/1.1 204 No Content", headers, an empty line, the body.
    let parts = text.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[0].hasPrefix("HTTP/"), let status = Int(parts[1]) else {
      throw Failure("expected an HTTP answer, got “\(text.prefix(80))”", url: url)
    }
    return Answer(status: status, body: text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "")
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, errno code: Int32? = nil, url: URL) {
      let reason = code.map { ": " + String(cString: strerror($0)) } ?? ""
      description = "\(url.host ?? "?"):\(url.port ?? 80): \(what)\(reason)"
    }
  }
}
