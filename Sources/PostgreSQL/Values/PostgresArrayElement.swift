/// A type whose Swift arrays are parameters and columns: one-dimensional arrays of scalars that may be NULL, and bytes.
package protocol PostgresArrayElement: Sendable {
  static var typeOfArray: PostgresType { get }
  static var formatOfArray: PostgresFormat { get }
  static func encodeArray(_ array: [Self], into buffer: inout PostgresBuffer)
  static func decodeArray(_ cell: PostgresCell) throws(PostgresMismatch) -> [Self]
}

extension PostgresScalar {
  package static var typeOfArray: PostgresType { postgresArrayType }
  package static var formatOfArray: PostgresFormat { postgresArrayFormat }

  package static func encodeArray(_ array: [Self], into buffer: inout PostgresBuffer) {
    encode(array: array, into: &buffer)
  }

  package static func decodeArray(_ cell: PostgresCell) throws(PostgresMismatch) -> [Self] {
    try BinaryArray(cell, of: postgresArrayType).elements { element throws(PostgresMismatch) in
      try Self(decoding: element)
    }
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresScalar {
  package static var typeOfArray: PostgresType { Wrapped.postgresArrayType }
  package static var formatOfArray: PostgresFormat { Wrapped.postgresArrayFormat }

  package static func encodeArray(_ array: [Wrapped?], into buffer: inout PostgresBuffer) {
    Wrapped.encode(array: array, into: &buffer)
  }

  package static func decodeArray(_ cell: PostgresCell) throws(PostgresMismatch) -> [Wrapped?] {
    try BinaryArray(cell, of: Wrapped.postgresArrayType).elements { element throws(PostgresMismatch) in
      try Wrapped?(decoding: element)
    }
  }
}

extension Array: PostgresValue where Element: PostgresArrayElement {
  package static var postgresType: PostgresType { Element.typeOfArray }
  package static var postgresFormat: PostgresFormat { Element.formatOfArray }
  package func encode(into buffer: inout PostgresBuffer) { Element.encodeArray(self, into: &buffer) }
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) { self = try Element.decodeArray(cell) }
}
