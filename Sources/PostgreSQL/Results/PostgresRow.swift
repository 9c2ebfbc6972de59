/// One row of a result.
package struct PostgresRow: Sendable {
  let handle: ResultHandle
  let index: Int

  /// Reads the column of this name.
  ///
  /// - Throws: ``PostgresError/unexpectedResult(_:)`` if there is no such column, or its type is another, or it is NULL
  ///   and `Value` is not optional.
  package subscript<Value: PostgresValue>(name: String, as type: Value.Type) -> Value {
    get throws(PostgresError) {
      guard let column = handle.columns.firstIndex(where: { $0.name == name }) else {
        let names = handle.columns.map(\.name).joined(separator: ", ")
        throw .unexpectedResult(
          PostgresUnexpectedResult(column: name, expected: "such a column", found: "the columns \(names)"))
      }
      return try value(at: column)
    }
  }

  /// Reads the columns, in order, as these types: `row.decode((Int64, String, UUID?).self)`.
  ///
  /// - Throws: ``PostgresError/unexpectedResult(_:)`` if the number of columns is another, or one of the types is.
  package func decode<each Value: PostgresValue>(
    _: (repeat each Value).Type
  ) throws(PostgresError) -> (repeat each Value) {
    var wanted = 0
    for _ in repeat (each Value).self { wanted += 1 }
    guard wanted == handle.columns.count else {
      throw .unexpectedResult(
        PostgresUnexpectedResult(column: nil, expected: "\(wanted) columns", found: "\(handle.columns.count)"))
    }
    var next = 0
    return (repeat try take((each Value).self, at: &next))
  }

  private func take<Value: PostgresValue>(_: Value.Type, at next: inout Int) throws(PostgresError) -> Value {
    defer { next += 1 }
    return try value(at: next)
  }

  private func value<Value: PostgresValue>(at column: Int) throws(PostgresError) -> Value {
    do throws(PostgresMismatch) {
      return try handle.withCell(row: index, column: column) { cell throws(PostgresMismatch) in
        try Value(decoding: cell)
      }
    } catch {
      throw .unexpectedResult(
        PostgresUnexpectedResult(
          column: handle.columns[column].name, expected: error.expected, found: error.found))
    }
  }
}
