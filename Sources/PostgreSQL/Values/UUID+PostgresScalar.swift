package import Identifiers

extension UUID: PostgresScalar {
  package static var postgresType: PostgresType { .uuid }
  package static var postgresArrayType: PostgresType { .uuidArray }
  package func encode(into buffer: inout PostgresBuffer) {
    buffer.append(high)
    buffer.append(low)
  }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    let bits = try cell.integer(UInt128.self, of: .uuid)
    self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
  }
}
