// An array of bytes is not an array for PostgreSQL but one value, `bytea`; and as such it has arrays of its own.

extension UInt8: PostgresArrayElement {
  package static var typeOfArray: PostgresType { .bytea }
  package static var formatOfArray: PostgresFormat { .binary }
  package static func encodeArray(_ array: [UInt8], into buffer: inout PostgresBuffer) { buffer.append(array) }
  package static func decodeArray(_ cell: PostgresCell) throws(PostgresMismatch) -> [UInt8] {
    Array(try cell.bytes(of: .bytea))
  }
}

extension Array: PostgresArrayElement where Element == UInt8 {}

extension Array: PostgresScalar where Element == UInt8 {
  package static var postgresArrayType: PostgresType { .byteaArray }
}
