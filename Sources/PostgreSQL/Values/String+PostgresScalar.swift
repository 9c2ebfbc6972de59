extension String: PostgresScalar {
  package static var postgresType: PostgresType { .text }
  package static var postgresArrayType: PostgresType { .textArray }
  package func encode(into buffer: inout PostgresBuffer) { buffer.append(utf8) }

  /// Reads `text`, `varchar`, `char(n)` and `name`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    let bytes = try cell.bytes(of: .text, .varchar, .bpchar, .name)
    self = String(decoding: bytes, as: UTF8.self)
  }
}
