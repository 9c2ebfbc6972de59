package import HTTPFields

/// A request, but for its body's stream.
package struct Request: Sendable {
  /// Such as `GET`; `HEAD` where a route for `GET` serves it.
  package let method: String
  /// As it came, percent-encoded and without the query.
  package let path: String
  /// What stands for the names of the route's pattern, decoded and never empty.
  package let parameters: [String: String]
  /// The query's pairs in their order, decoded.
  package let query: [(name: String, value: String)]
  package let headers: HTTPHeaders
  /// The whole body; empty on a streaming route.
  package internal(set) var body: [UInt8] = []

  /// The first value of a name in the query.
  package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
