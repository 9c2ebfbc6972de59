internal import CPostgreSQL

/// libpq's connection parameters.
enum ConnectionParameters {
  /// What libpq leaves off and a service wants: a peer that vanished is noticed within a minute.
  private static let defaults = [
    "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000",
  ]

  /// Reads a URL into parameters, without connecting.
  static func parse(_ url: String) throws(PostgresError) -> [String: String] {
    guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") else {
      throw .invalidConfiguration("expected a URL like postgresql://user:password@host:5432/database")
    }
    var message: UnsafeMutablePointer<CChar>?
    // Both are ours to free, by libpq's own functions.
    let options = PQconninfoParse(url, &message)
    defer {
      PQconninfoFree(options)
      PQfreemem(message)
    }
    guard let options else {
      // libpq quotes the part that it did not like, and that may be the password.
      let reason = message.map { String(cString: $0) } ?? "out of memory"
      let safe = reason.prefix { $0 != "\"" && $0 != "\n" }
      throw .invalidConfiguration("the URL cannot be read (\(safe)); expected postgresql://user:password@host/database")
    }
    var parameters: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return parameters
  }

  /// All parameters for `PQconnectStartParams`.
  static func complete(for configuration: PostgresConfiguration) -> [String: String] {
    var parameters = defaults.merging(configuration.parameters) { _, given in given }
    parameters["client_encoding"] = "UTF8"
    if let name = configuration.applicationName { parameters["fallback_application_name"] = name }
    if case .direct = configuration.route, !configuration.settings.isEmpty {
      let settings = configuration.settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\(escaped($0.value))" }
      parameters["options"] = ([parameters["options"]].compactMap(\.self) + settings).joined(separator: " ")
    }
    return parameters
  }

  /// A value within `options`, where blanks separate and a backslash keeps them.
  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      if character == " " || character == "\\" { text += "\\" }
      text.append(character)
    }
  }
}
