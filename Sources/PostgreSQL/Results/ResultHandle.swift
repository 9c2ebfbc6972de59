internal import CPostgreSQL

/// A result of libpq, and what its columns are.
///
/// `@unchecked Sendable`. Proof: nobody writes to a `PGresult` once libpq has handed it out, and its accessors only
/// read, so any thread may; this object alone owns it and frees it when the last row goes.
final class ResultHandle: @unchecked Sendable {
  private let result: OpaquePointer
  let columns: [PostgresColumn]
  let count: Int

  /// Takes over a result that `PQgetResult` returned.
  init(taking result: OpaquePointer) {
    self.result = result
    count = Int(PQntuples(result))
    columns = (0..<PQnfields(result)).map { column in
      PostgresColumn(
        name: PQfname(result, column).map { String(cString: $0) } ?? "",
        type: PostgresType(oid: PQftype(result, column)))
    }
  }

  deinit { PQclear(result) }

  /// What the command did, such as `INSERT 0 5`.
  var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// The number of rows that the command wrote or returned.
  var affectedRows: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  func withCell<Value>(
    row: Int, column: Int, _ body: (PostgresCell) throws(PostgresMismatch) -> Value
  ) throws(PostgresMismatch) -> Value {
    let row = Int32(truncatingIfNeeded: row)
    let index = Int32(truncatingIfNeeded: column)
    guard PQgetisnull(result, row, index) == 0 else {
      return try body(PostgresCell(type: columns[column].type, bytes: nil))
    }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, index), count: Int(PQgetlength(result, row, index)))
    return try body(PostgresCell(type: columns[column].type, bytes: bytes))
  }
}

/// A column of a result.
package struct PostgresColumn: Hashable, Sendable {
  package let name: String
  package let type: PostgresType
}
