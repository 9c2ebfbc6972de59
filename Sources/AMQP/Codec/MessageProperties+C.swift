internal import CRabbitMQ

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
    room.storeBytes(of: EncodedProperties.classID.bigEndian, as: UInt16.self)
    room.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    room.storeBytes(of: UInt64(bodySize).bigEndian, toByteOffset: 4, as: UInt64.self)
    let rest = UnsafeMutableRawBufferPointer(rebasing: room[12...])
    let length = withUnsafeMutableBytes(of: &fields) { fields in
      amqp_encode_properties(
        EncodedProperties.classID, fields.baseAddress, amqp_bytes_t(len: rest.count, bytes: rest.baseAddress))
    }
    return length < 0 ? nil : 12 + Int(length)
  }

  /// A copy of what librabbitmq decoded.
  init(_ fields: amqp_basic_properties_t) {
    self.init(
      contentType: fields.has(AMQP_BASIC_CONTENT_TYPE_FLAG) ? fields.content_type.text : nil,
      isPersistent: fields.has(AMQP_BASIC_DELIVERY_MODE_FLAG) && fields.delivery_mode == 2,
      messageID: fields.has(AMQP_BASIC_MESSAGE_ID_FLAG) ? fields.message_id.text : nil,
      type: fields.has(AMQP_BASIC_TYPE_FLAG) ? fields.type.text : nil,
      timestamp: fields.has(AMQP_BASIC_TIMESTAMP_FLAG) ? fields.timestamp : nil,
      headers: fields.has(AMQP_BASIC_HEADERS_FLAG) ? FieldTable(fields.headers) : [:])
  }
}
