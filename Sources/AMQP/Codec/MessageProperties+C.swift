internal import CRabbitMQ

private let basicClass: UInt16 = 60

extension MessageProperties {
  /// Writes the payload of a header frame to `room`.
  ///
  /// - Returns: the bytes written, or nil if they do not fit or a text is over 255 bytes.
  func encode(bodySize: Int, into room: UnsafeMutableRawBufferPointer, arena: inout Arena) -> Int? {
    guard room.count >= 12 else { return nil }
    var fields = amqp_basic_properties_t()
    var flags = AMQP_BASIC_DELIVERY_MODE_FLAG
    fields.delivery_mode = isPersistent ? 2 : 1
    if let contentType {
      flags |= AMQP_BASIC_CONTENT_TYPE_FLAG
      fields.content_type = arena.bytes(contentType)
    }
    if let messageID {
      flags |= AMQP_BASIC_MESSAGE_ID_FLAG
      fields.message_id = arena.bytes(messageID)
    }
    if let type {
      flags |= AMQP_BASIC_TYPE_FLAG
      fields.type = arena.bytes(type)
    }
    if let timestamp {
      flags |= AMQP_BASIC_TIMESTAMP_FLAG
      fields.timestamp = timestamp
    }
    if !headers.isEmpty {
      flags |= AMQP_BASIC_HEADERS_FLAG
      fields.headers = arena.table(headers)
    }
    fields._flags = amqp_flags_t(flags)
    room.storeBytes(of: basicClass.bigEndian, as: UInt16.self)
    room.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    room.storeBytes(of: UInt64(bodySize).bigEndian, toByteOffset: 4, as: UInt64.self)
    let rest = UnsafeMutableRawBufferPointer(rebasing: room[12...])
    let length = withUnsafeMutableBytes(of: &fields) { fields in
      amqp_encode_properties(basicClass, fields.baseAddress, amqp_bytes_t(len: rest.count, bytes: rest.baseAddress))
    }
    return length < 0 ? nil : 12 + Int(length)
  }

  /// Decodes the payload of a header frame.
  static func decode(
    payload: UnsafeRawBufferPointer, arena: inout Arena
  ) throws(AMQPError) -> (properties: MessageProperties, bodySize: UInt64) {
    guard payload.count >= 14, UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self)) == basicClass else {
      throw .protocolViolation("a header frame of \(payload.count) bytes that is not of a message")
    }
    let size = UInt64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
    let rest = UnsafeRawBufferPointer(rebasing: payload[12...])
    var decoded: UnsafeMutableRawPointer?
    // librabbitmq reads the properties only, and never writes through this pointer.
    let encoded = amqp_bytes_t(len: rest.count, bytes: UnsafeMutableRawPointer(mutating: rest.baseAddress))
    guard amqp_decode_properties(basicClass, &arena.pool, encoded, &decoded) >= 0, let decoded else {
      throw .protocolViolation("the properties of a message are malformed")
    }
    return (MessageProperties(decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee), size)
  }

  private init(_ fields: amqp_basic_properties_t) {
    func has(_ flag: Int32) -> Bool { fields._flags & amqp_flags_t(flag) != 0 }
    self.init(
      contentType: has(AMQP_BASIC_CONTENT_TYPE_FLAG) ? fields.content_type.text : nil,
      isPersistent: has(AMQP_BASIC_DELIVERY_MODE_FLAG) && fields.delivery_mode == 2,
      messageID: has(AMQP_BASIC_MESSAGE_ID_FLAG) ? fields.message_id.text : nil,
      type: has(AMQP_BASIC_TYPE_FLAG) ? fields.type.text : nil,
      timestamp: has(AMQP_BASIC_TIMESTAMP_FLAG) ? fields.timestamp : nil,
      headers: has(AMQP_BASIC_HEADERS_FLAG) ? FieldTable(fields.headers) : [:])
  }
}
