/// A result does not have the shape or the types that were asked for.
package struct PostgresUnexpectedResult: Error, Hashable, Sendable {
  /// The column's name, where one is concerned.
  package let column: String?
  package let expected: String
  package let found: String

  package init(column: String?, expected: String, found: String) {
    self.column = column
    self.expected = expected
    self.found = found
  }
}

extension PostgresUnexpectedResult: CustomStringConvertible {
  package var description: String {
    let place = column.map { "column \"\($0)\"" } ?? "the result"
    return "\(place): expected \(expected), found \(found); cast it in the statement or ask for another type"
  }
}
