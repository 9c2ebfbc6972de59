/// An error as the server reports it.
package struct PostgresServerError: Error, Hashable, Sendable {
  /// The five characters of the error's class and kind, see ``SQLState``.
  package let sqlState: SQLState
  /// `ERROR`, `FATAL` or `PANIC`.
  package let severity: String
  package let message: String
  package let detail: String?
  package let hint: String?
  package let schema: String?
  package let table: String?
  package let column: String?
  package let constraint: String?
  /// Where in the statement, in characters from 1.
  package let position: Int?
  /// The function of the server that found the error; not translated, unlike the message.
  package let routine: String?

  /// A prepared statement that the server forgot, or whose result changed with the tables. Nothing was executed.
  var isStalePreparedStatement: Bool {
    sqlState == .invalidSQLStatementName
      || sqlState == .featureNotSupported && routine == "RevalidateCachedQuery"
  }

  /// What the error means for whoever asked.
  package var consequence: PostgresConsequence {
    if isStalePreparedStatement { return .retry }
    return sqlState.isTransient ? .retry : .permanent
  }
}

extension PostgresServerError: CustomStringConvertible {
  /// The server quotes values in full; a description shows their beginning.
  private static let shownLength = 500

  package var description: String {
    var text = "\(severity) \(sqlState): \(message.prefix(Self.shownLength))"
    if let detail { text += " Detail: \(detail.prefix(Self.shownLength))" }
    if let hint { text += " Hint: \(hint)" }
    if let position { text += " (at character \(position) of the statement)" }
    return text
  }
}
