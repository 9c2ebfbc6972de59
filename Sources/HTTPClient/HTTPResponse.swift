package import HTTPFields

/// What comes before a response's content.
package struct HTTPResponseHead: Sendable, Equatable {
  /// The status code, 200 to 599.
  package let status: Int
  package let headers: HTTPHeaders

  /// Whether the status is one of success, 200 to 299.
  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// A response with all of its content.
package struct HTTPResponse: Sendable, Equatable {
  package let head: HTTPResponseHead
  package let body: [UInt8]

  /// The status code, 200 to 599.
  package var status: Int { head.status }
  package var headers: HTTPHeaders { head.headers }
  /// Whether the status is one of success, 200 to 299.
  package var isSuccess: Bool { head.isSuccess }
}
