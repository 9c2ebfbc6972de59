/// The five characters by which SQL names an error (PostgreSQL documentation, appendix A).
package struct SQLState: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  package static let featureNotSupported = SQLState(rawValue: "0A000")
  package static let characterNotInRepertoire = SQLState(rawValue: "22021")
  package static let foreignKeyViolation = SQLState(rawValue: "23503")
  package static let uniqueViolation = SQLState(rawValue: "23505")
  package static let checkViolation = SQLState(rawValue: "23514")
  package static let inFailedTransaction = SQLState(rawValue: "25P02")
  package static let invalidSQLStatementName = SQLState(rawValue: "26000")
  package static let serializationFailure = SQLState(rawValue: "40001")
  package static let deadlockDetected = SQLState(rawValue: "40P01")
  package static let syntaxError = SQLState(rawValue: "42601")
  package static let undefinedTable = SQLState(rawValue: "42P01")
  package static let lockNotAvailable = SQLState(rawValue: "55P03")
  package static let queryCanceled = SQLState(rawValue: "57014")
  package static let adminShutdown = SQLState(rawValue: "57P01")

  private static let transient: Set<SQLState> = [
    .serializationFailure, .deadlockDetected, .lockNotAvailable, .queryCanceled, .adminShutdown,
    SQLState(rawValue: "57P02"), SQLState(rawValue: "57P03"), SQLState(rawValue: "57P05"),
  ]

  /// Whether the same statement may succeed later: lost against others, cancelled, resources short (class 53), the
  /// connection broken (class 08) or the server going down or coming up.
  package var isTransient: Bool {
    rawValue.hasPrefix("53") || rawValue.hasPrefix("08") || Self.transient.contains(self)
  }

  /// Whether a transaction lost against a concurrent one, so that doing all of it again is the cure.
  package var isTransactionConflict: Bool { self == .serializationFailure || self == .deadlockDetected }
}

extension SQLState: CustomStringConvertible {
  package var description: String { rawValue }
}
