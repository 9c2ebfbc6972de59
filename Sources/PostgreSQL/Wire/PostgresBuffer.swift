/// Bytes in the making, integers in network order, as PostgreSQL's binary formats want them.
package struct PostgresBuffer: Sendable {
  /// What was appended so far.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// The number of bytes so far.
  package var count: Int { bytes.count }

  /// Appends an integer, most significant byte first.
  package mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  package mutating func append(_ more: some Collection<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Appends what `body` appends, with its length in 32 bits before it.
  package mutating func appendWithLength(_ body: (inout PostgresBuffer) -> Void) {
    let position = bytes.count
    append(Int32(0))
    body(&self)
    let length = UInt32(truncatingIfNeeded: bytes.count - position - 4)
    for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
  }

  /// Forgets everything but keeps the memory.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}
