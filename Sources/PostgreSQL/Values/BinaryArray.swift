/// A one-dimensional array in PostgreSQL's binary form (`array_send`): dimensions, a flag for NULLs, the elements' type,
/// for each dimension its size and lower bound, then each element after its length.
struct BinaryArray {
  private let bytes: UnsafeRawBufferPointer
  private let type: PostgresType
  private let count: Int

  private static let headerLength = 20
  private static let emptyLength = 12

  /// Reads the head of an array.
  ///
  /// - Parameter expected: the array type to insist on; ``PostgresType/inferred`` leaves it to the elements.
  init(_ cell: PostgresCell, of expected: PostgresType) throws(PostgresMismatch) {
    let wanted = expected == .inferred ? cell.type : expected
    // Arrays of `json` and of the other text types read as those of `jsonb` and `text` do: the elements decide.
    bytes = try cell.bytes(of: wanted, PostgresType(oid: 199), PostgresType(oid: 1015), PostgresType(oid: 1003))
    guard bytes.count >= Self.emptyLength else { throw Self.damaged }
    type = PostgresType(oid: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    switch Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)) {
    case 0: count = 0
    case 1:
      guard bytes.count >= Self.headerLength else { throw Self.damaged }
      count = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)))
      guard count >= 0, count <= (bytes.count - Self.headerLength) / 4 else { throw Self.damaged }
    case let dimensions:
      throw PostgresMismatch(expected: "a one-dimensional array", found: "\(dimensions) dimensions")
    }
  }

  func elements<Element>(
    _ decode: (PostgresCell) throws(PostgresMismatch) -> Element
  ) throws(PostgresMismatch) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(count)
    var offset = Self.headerLength
    for _ in 0..<count {
      guard bytes.count - offset >= 4 else { throw Self.damaged }
      let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
      offset += 4
      guard length >= 0 else {
        elements.append(try decode(PostgresCell(type: type, bytes: nil)))
        continue
      }
      guard bytes.count - offset >= length else { throw Self.damaged }
      let element = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
      elements.append(try decode(PostgresCell(type: type, bytes: element)))
      offset += length
    }
    return elements
  }

  private static var damaged: PostgresMismatch {
    PostgresMismatch(expected: "an array in binary form", found: "bytes that end too soon")
  }
}

extension PostgresScalar {
  package static var postgresArrayFormat: PostgresFormat { .binary }

  package static func encode(array: [Self?], into buffer: inout PostgresBuffer) {
    buffer.append(Int32(array.isEmpty ? 0 : 1))
    buffer.append(Int32(array.contains { $0 == nil } ? 1 : 0))
    buffer.append(postgresType.oid)
    guard !array.isEmpty else { return }
    buffer.append(Int32(clamping: array.count))
    buffer.append(Int32(1))
    for element in array {
      if let element {
        buffer.appendWithLength { element.encode(into: &$0) }
      } else {
        buffer.append(Int32(-1))
      }
    }
  }
}
