internal import CRabbitMQ

/// The properties of a message as they came. They are checked, and decoded only when somebody asks: on most messages
/// nobody does.
struct EncodedProperties: Sendable {
  static let classID: UInt16 = 60

  private let bytes: [UInt8]

  /// Checks the payload of a header frame.
  static func decode(
    payload: UnsafeRawBufferPointer, arena: inout Arena
  ) throws(AMQPError) -> (properties: EncodedProperties, bodySize: UInt64) {
    guard payload.count >= 14, UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self)) == classID else {
      throw .protocolViolation("a header frame of \(payload.count) bytes that is not of a message")
    }
    let size = UInt64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
    let rest = UnsafeRawBufferPointer(rebasing: payload[12...])
    guard fields(rest, arena: &arena) != nil else {
      throw .protocolViolation("the properties of a message are malformed")
    }
    return (EncodedProperties(bytes: Array(rest)), size)
  }

  var decoded: MessageProperties { withFields { MessageProperties($0) } }

  func header(_ name: String) -> FieldValue? {
    withFields { fields in
      guard fields.has(AMQP_BASIC_HEADERS_FLAG) else { return nil }
      let entries = UnsafeBufferPointer(start: fields.headers.entries, count: Int(fields.headers.num_entries))
      return entries.last { $0.key.isEqual(to: name) }.map { FieldValue($0.value) }
    }
  }

  private func withFields<Result>(_ body: (amqp_basic_properties_t) -> Result) -> Result {
    var arena = Arena()
    return bytes.withUnsafeBytes { bytes in
      guard let fields = Self.fields(bytes, arena: &arena) else {
        preconditionFailure("properties that could be decoded when they came cannot be decoded now")
      }
      return body(fields)
    }
  }

  /// What the bytes say; it points into them and into the arena.
  private static func fields(_ bytes: UnsafeRawBufferPointer, arena: inout Arena) -> amqp_basic_properties_t? {
    var decoded: UnsafeMutableRawPointer?
    // librabbitmq reads the properties only, and never writes through this pointer.
    let encoded = amqp_bytes_t(len: bytes.count, bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    guard amqp_decode_properties(classID, &arena.pool, encoded, &decoded) >= 0, let decoded else { return nil }
    return decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
  }
}

extension amqp_basic_properties_t {
  func has(_ flag: Int32) -> Bool { _flags & amqp_flags_t(flag) != 0 }
}

extension amqp_bytes_t {
  fileprivate func isEqual(to text: String) -> Bool {
    UnsafeRawBufferPointer(start: bytes, count: len).elementsEqual(text.utf8)
  }
}
