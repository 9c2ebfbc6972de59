extension Float: PostgresScalar {
  package static var postgresType: PostgresType { .float4 }
  package static var postgresArrayType: PostgresType { .float4Array }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    self = Float(bitPattern: try cell.integer(UInt32.self, of: .float4))
  }
}

extension Double: PostgresScalar {
  package static var postgresType: PostgresType { .float8 }
  package static var postgresArrayType: PostgresType { .float8Array }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }

  /// Reads `float8`, and the narrower `float4`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    if cell.type == .float4 {
      self = Double(try Float(decoding: cell))
    } else {
      self = Double(bitPattern: try cell.integer(UInt64.self, of: .float8))
    }
  }
}
