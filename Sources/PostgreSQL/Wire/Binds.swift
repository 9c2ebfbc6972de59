/// A statement's parameters in the form the server reads, in one buffer.
struct Binds: Sendable {
  /// The server's limit: a parameter's number has 16 bits.
  static let limit = 65_535

  private(set) var types: [UInt32] = []
  private(set) var formats: [Int32] = []
  /// The bytes of each parameter; `nullLength` for NULL.
  private(set) var lengths: [Int32] = []
  private(set) var bytes = PostgresBuffer()

  static let nullLength: Int32 = -1

  var count: Int { types.count }

  mutating func append<Value: PostgresValue>(_ value: Value) {
    types.append(Value.postgresType.oid)
    formats.append(Value.postgresFormat.rawValue)
    guard !value.isNull else { return lengths.append(Self.nullLength) }
    let start = bytes.count
    value.encode(into: &bytes)
    // libpq takes a parameter in text format as a C string, whatever its length is said to be.
    if Value.postgresFormat == .text { bytes.append(UInt8(0)) }
    lengths.append(Int32(clamping: bytes.count - start))
  }

  mutating func append(_ other: Binds) {
    types += other.types
    formats += other.formats
    lengths += other.lengths
    bytes.append(other.bytes.bytes)
  }

  /// Calls `body` with the arrays that libpq wants; they are valid during the call only.
  func withPointers<Result>(
    _ body: (
      UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    )
      -> Result
  ) -> Result {
    bytes.bytes.withUnsafeBufferPointer { buffer in
      // libpq takes a null pointer for NULL, so an empty value needs an address even where the buffer has none.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1) { spare in
        var offset = 0
        let values = lengths.map { length -> UnsafePointer<CChar>? in
          guard length != Self.nullLength else { return nil }
          defer { offset += Int(length) }
          guard length > 0, let base = buffer.baseAddress else { return UnsafePointer(spare.baseAddress) }
          return UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
        }
        return body(types, values, lengths, formats)
      }
    }
  }
}
