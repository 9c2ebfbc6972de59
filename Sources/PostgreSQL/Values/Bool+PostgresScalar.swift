extension Bool: PostgresScalar {
  package static var postgresType: PostgresType { .bool }
  package static var postgresArrayType: PostgresType { .boolArray }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(UInt8(self ? 1 : 0)) }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    self = try cell.integer(UInt8.self, of: .bool) != 0
  }
}
