/// Where a database is and how to talk to it.
package struct PostgresConfiguration: Sendable {
  /// How the server is reached.
  package enum Route: Sendable {
    /// Straight to PostgreSQL, or over a pooler that gives each client a server connection of its own.
    case direct
    /// Over a pooler that gives a server connection for a transaction only, such as PgBouncer in transaction mode: no
    /// prepared statements, and nothing in the startup packet that PgBouncer 1.18 refuses. Settings are made with `SET`
    /// at connect, which the pooler may give to others: better set them on the role there.
    case transactionPooler
  }

  /// libpq's parameters out of the URL.
  let parameters: [String: String]

  /// The name by which the server lists the connection; one in the URL wins.
  package var applicationName: String?
  /// Settings of the session, such as `["jit": "off"]`.
  package var settings: [String: String] = [:]
  package var route = Route.direct
  /// How many statements each connection keeps prepared; 0 prepares none.
  package var preparedStatements = 256
  /// The time to make a connection, resolving the name and logging in included.
  package var connectTimeout = Duration.seconds(10)
  /// The time that a statement may take if it does not say another, waiting for earlier ones included.
  package var statementTimeout = Duration.seconds(30)
  /// The time that the server has to answer to a cancellation before the connection is given up.
  package var cancelTimeout = Duration.seconds(5)
  /// Called with what the server says beside results, on the connection's event loop: it must not block.
  package var onNotice: @Sendable (PostgresNotice) -> Void = { _ in }

  /// Reads a URL: `postgresql://user:password@host:port/database?sslmode=…`, with every parameter that libpq knows.
  ///
  /// - Throws: ``PostgresError/invalidConfiguration(_:)``, without the URL, which may hold a password.
  package init(url: String) throws(PostgresError) {
    parameters = try ConnectionParameters.parse(url)
  }

  /// Host, port and database: what may be shown.
  package var server: String {
    let host = parameters["host"] ?? parameters["hostaddr"] ?? "the local socket"
    return "\(host):\(parameters["port"] ?? "5432")/\(parameters["dbname"] ?? parameters["user"] ?? "")"
  }

  var preparedStatementLimit: Int {
    switch route {
    case .direct: preparedStatements
    case .transactionPooler: 0
    }
  }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
  /// Never the password.
  package var description: String { "PostgreSQL at \(server)" }
  package var customMirror: Mirror { Mirror(self, children: ["server": server]) }
}
