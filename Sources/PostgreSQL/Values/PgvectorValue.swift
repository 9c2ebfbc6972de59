/// What the types of pgvector share: 16 bits of dimension, 16 unused, then the elements (`vector_send` and
/// `halfvec_send` in pgvector's source).
///
/// Their numbers in the catalogue differ from database to database, so a parameter's type is left for the server to
/// infer, and a result is known by its length.
protocol PgvectorValue: PostgresScalar {
  associatedtype Bits: FixedWidthInteger
  static var typeName: String { get }
  var elements: [Float] { get }
  init(_ elements: [Float])
  static func append(_ element: Float, to buffer: inout PostgresBuffer)
  static func element(_ bits: Bits) -> Float
}

extension PgvectorValue {
  package static var postgresType: PostgresType { .inferred }
  package static var postgresArrayType: PostgresType { .inferred }

  package func encode(into buffer: inout PostgresBuffer) {
    buffer.append(UInt16(clamping: elements.count))
    buffer.append(UInt16(0))
    for element in elements { Self.append(element, to: &buffer) }
  }

  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    guard let bytes = cell.bytes else { throw PostgresMismatch(expected: Self.typeName, found: "NULL") }
    let width = MemoryLayout<Bits>.size
    guard !cell.type.isBuiltIn, bytes.count >= 4,
      case let count = Int(UInt16(bigEndian: bytes.loadUnaligned(as: UInt16.self))),
      bytes.count == 4 + count * width
    else { throw PostgresMismatch(expected: Self.typeName, found: cell.type.description) }
    self.init(
      (0..<count).map { index in
        Self.element(Bits(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 + index * width, as: Bits.self)))
      })
  }

  // An array's binary form names the type of its elements by number, which is not known here: arrays go as text.
  package static var postgresArrayFormat: PostgresFormat { .text }

  package static func encode(array: [Self?], into buffer: inout PostgresBuffer) {
    let texts = array.map { value in
      value.map { "\"[\($0.elements.map(\.description).joined(separator: ","))]\"" } ?? "NULL"
    }
    buffer.append("{\(texts.joined(separator: ","))}".utf8)
  }
}
