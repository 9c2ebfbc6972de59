extension Optional: PostgresValue where Wrapped: PostgresValue {
  package static var postgresType: PostgresType { Wrapped.postgresType }
  package static var postgresFormat: PostgresFormat { Wrapped.postgresFormat }
  package var isNull: Bool { self?.isNull ?? true }
  package func encode(into buffer: inout PostgresBuffer) { self?.encode(into: &buffer) }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    self = cell.bytes == nil ? nil : try Wrapped(decoding: cell)
  }
}
