package import HTTPFields

/// What a client is answered.
package struct Response: Sendable {
  /// From 200 to 599.
  package var status: Int
  /// Without `Content-Length`, `Transfer-Encoding`, `Connection` and `Date`, which the server writes.
  package var headers: HTTPHeaders
  package var body: ResponseBody

  package init(status: Int = 200, headers: HTTPHeaders = [:], body: ResponseBody = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of text.
  package init(status: Int = 200, _ text: String, type: String = "text/plain; charset=utf-8") {
    self.init(status: status, headers: ["Content-Type": type], body: .bytes(Array(text.utf8)))
  }
}

/// The content of an answer.
package enum ResponseBody: Sendable {
  case bytes([UInt8])
  /// A part of a file, which the kernel sends.
  case file(FileRange)
  /// What a producer writes as long as the client takes it; `length` in bytes if it is known before.
  ///
  /// The producer is cancelled when the client goes away. If it throws, or writes another length than it said, the
  /// connection is cut, so that the client sees that something is missing.
  case stream(length: Int64? = nil, @Sendable (ResponseWriter) async throws -> Void)
}
