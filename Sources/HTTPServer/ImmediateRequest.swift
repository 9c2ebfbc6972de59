internal import CMicroHTTPD

/// A request that is answered on the server's thread. It cannot outlive the call: its fields are looked up where the
/// server read them to, and nothing is copied that is not asked for.
package struct ImmediateRequest: ~Copyable {
  /// Such as `GET`; `HEAD` where a route for `GET` serves it.
  package let method: String
  /// As it came, percent-encoded and without the query.
  package let path: String
  /// What stands for the names of the route's pattern, decoded and never empty.
  package let parameters: [String: String]
  let connection: DaemonConnection

  /// The first value of a header field; names are compared without regard to case.
  package func header(_ name: String) -> String? { connection.header(name) }

  /// The first value of a name in the query; nil as well if it is not encoded as it should.
  package func query(_ name: String) -> String? {
    try? connection.query().first { $0.name == name }?.value
  }
}
