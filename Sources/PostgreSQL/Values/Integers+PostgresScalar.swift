extension Int16: PostgresScalar {
  package static var postgresType: PostgresType { .int2 }
  package static var postgresArrayType: PostgresType { .int2Array }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) { self = try cell.integer(Int16.self, of: .int2) }
}

extension Int32: PostgresScalar {
  package static var postgresType: PostgresType { .int4 }
  package static var postgresArrayType: PostgresType { .int4Array }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }

  /// Reads `int4`, and the narrower `int2`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    self = cell.type == .int2 ? Int32(try Int16(decoding: cell)) : try cell.integer(Int32.self, of: .int4)
  }
}

extension Int64: PostgresScalar {
  package static var postgresType: PostgresType { .int8 }
  package static var postgresArrayType: PostgresType { .int8Array }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }

  /// Reads `int8`, and the narrower `int4` and `int2`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    switch cell.type {
    case .int2, .int4: self = Int64(try Int32(decoding: cell))
    default: self = try cell.integer(Int64.self, of: .int8)
    }
  }
}

extension Int: PostgresScalar {
  package static var postgresType: PostgresType { .int8 }
  package static var postgresArrayType: PostgresType { .int8Array }
  package func encode(into buffer: inout PostgresBuffer) { Int64(self).encode(into: &buffer) }

  /// Reads `int8`, and the narrower `int4` and `int2`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) { self = Int(try Int64(decoding: cell)) }
}
