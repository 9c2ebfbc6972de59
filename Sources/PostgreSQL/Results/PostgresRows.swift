/// The rows that a statement returned; empty for one that returns none.
///
/// They are read out of libpq's memory when they are asked for; it is freed with the last row that is kept.
package struct PostgresRows: Sendable {
  let handle: ResultHandle

  /// The columns, in order.
  package var columns: [PostgresColumn] { handle.columns }

  /// What the command did, such as `INSERT 0 5`.
  package var commandTag: String { handle.commandTag }

  /// The number of rows that the command wrote, or returned if it only read.
  package var affectedRows: Int { handle.affectedRows }

  /// Reads every row's columns, in order, as these types: `rows.decode((Int64, String, UUID?).self)`.
  package func decode<each Value: PostgresValue>(
    _ types: (repeat each Value).Type
  ) throws(PostgresError) -> [(repeat each Value)] {
    var decoded: [(repeat each Value)] = []
    decoded.reserveCapacity(count)
    for row in self { decoded.append(try row.decode(types)) }
    return decoded
  }

  /// Reads one column of every row.
  package func column<Value: PostgresValue>(_ name: String, as type: Value.Type) throws(PostgresError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in self { values.append(try row[name, as: type]) }
    return values
  }

  /// The only row.
  ///
  /// - Throws: ``PostgresError/unexpectedResult(_:)`` if there are more or none.
  package func one() throws(PostgresError) -> PostgresRow {
    guard count == 1, let row = first else {
      throw .unexpectedResult(PostgresUnexpectedResult(column: nil, expected: "one row", found: "\(count) rows"))
    }
    return row
  }
}

extension PostgresRows: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { handle.count }
  package subscript(position: Int) -> PostgresRow {
    precondition(indices.contains(position), "row \(position) of \(count)")
    return PostgresRow(handle: handle, index: position)
  }
}
