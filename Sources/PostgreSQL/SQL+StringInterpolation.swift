extension SQL: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.init(unescaped: text) }

  package init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

  /// Gathers a literal's text and parameters.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = SQL(unescaped: "")

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ text: String) {
      sql.pieces[sql.pieces.count - 1] += text
    }

    /// Adds a parameter.
    package mutating func appendInterpolation(_ value: some PostgresValue) {
      sql.binds.append(value)
      sql.pieces.append("")
    }

    /// Adds a parameter that may be NULL.
    package mutating func appendInterpolation<Value: PostgresValue>(_ value: Value?) {
      sql.binds.append(value)
      sql.pieces.append("")
    }

    /// Adds another statement with its parameters.
    package mutating func appendInterpolation(_ part: SQL) {
      sql += part
    }

    /// Adds a name of a table, column, … quoted as SQL wants it.
    package mutating func appendInterpolation(identifier name: String) {
      appendLiteral(name.quotedIdentifier)
    }

    /// Adds raw text. Nothing in it is escaped, so it must not come from outside.
    package mutating func appendInterpolation(unescaped text: String) {
      appendLiteral(text)
    }
  }
}

extension String {
  /// The text as a quoted SQL identifier.
  var quotedIdentifier: String {
    var quoted = "\""
    for character in self {
      if character == "\"" { quoted += "\"" }
      quoted.append(character)
    }
    return quoted + "\""
  }
}
