internal import CRabbitMQ

extension ServerMethod {
  /// Decodes a method frame's payload.
  ///
  /// - Parameter route: of the last delivery; one on the same way shares it.
  /// - Throws: ``AMQPError/protocolViolation(_:)`` for methods that are unknown, cut short, or not a broker's to send.
  init(payload: UnsafeRawBufferPointer, arena: inout Arena, route: inout Route) throws(AMQPError) {
    guard payload.count >= 4 else { throw .protocolViolation("a method frame of \(payload.count) bytes") }
    let number = UInt32(bigEndian: payload.loadUnaligned(as: UInt32.self))
    let fields = UnsafeRawBufferPointer(rebasing: payload[4...])
    if let method = Self.frequent(number, fields, route: &route) {
      self = method
      return
    }
    var decoded: UnsafeMutableRawPointer?
    // librabbitmq reads the fields only, and never writes through this pointer.
    let encoded = amqp_bytes_t(len: fields.count, bytes: UnsafeMutableRawPointer(mutating: fields.baseAddress))
    guard amqp_decode_method(number, &arena.pool, encoded, &decoded) >= 0, let decoded,
      let method = Self.connectionMethod(number, decoded) ?? Self.topologyMethod(number, decoded)
        ?? Self.basicMethod(number, decoded)
    else { throw .protocolViolation("method \(number >> 16).\(number & 0xFFFF) is unknown or malformed") }
    self = method
  }

  private static func connectionMethod(_ number: UInt32, _ decoded: UnsafeMutableRawPointer) -> ServerMethod? {
    switch number {
    case AMQP_CONNECTION_START_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_connection_start_t.self).pointee
      return .connectionStart(mechanisms: fields.mechanisms.text, properties: FieldTable(fields.server_properties))
    case AMQP_CONNECTION_TUNE_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_connection_tune_t.self).pointee
      return .connectionTune(
        Tuning(channelMax: fields.channel_max, frameMax: fields.frame_max, heartbeat: fields.heartbeat))
    case AMQP_CONNECTION_OPEN_OK_METHOD: return .connectionOpenOk
    case AMQP_CONNECTION_CLOSE_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
      return .connectionClose(code: fields.reply_code, text: fields.reply_text.text)
    case AMQP_CONNECTION_CLOSE_OK_METHOD: return .connectionCloseOk
    case AMQP_CONNECTION_BLOCKED_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee
      return .connectionBlocked(reason: fields.reason.text)
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return .connectionUnblocked
    case AMQP_CHANNEL_OPEN_OK_METHOD: return .channelOpenOk
    case AMQP_CHANNEL_CLOSE_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
      return .channelClose(code: fields.reply_code, text: fields.reply_text.text)
    case AMQP_CHANNEL_CLOSE_OK_METHOD: return .channelCloseOk
    default: return nil
    }
  }

  private static func topologyMethod(_ number: UInt32, _ decoded: UnsafeMutableRawPointer) -> ServerMethod? {
    switch number {
    case AMQP_EXCHANGE_DECLARE_OK_METHOD: return .exchangeDeclareOk
    case AMQP_EXCHANGE_DELETE_OK_METHOD: return .exchangeDeleteOk
    case AMQP_QUEUE_DECLARE_OK_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_queue_declare_ok_t.self).pointee
      return .queueDeclareOk(
        name: fields.queue.text, ready: Int(fields.message_count), consumers: Int(fields.consumer_count))
    case AMQP_QUEUE_BIND_OK_METHOD: return .queueBindOk
    case AMQP_QUEUE_UNBIND_OK_METHOD: return .queueUnbindOk
    case AMQP_QUEUE_PURGE_OK_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_queue_purge_ok_t.self).pointee
      return .queuePurgeOk(messages: Int(fields.message_count))
    case AMQP_QUEUE_DELETE_OK_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_queue_delete_ok_t.self).pointee
      return .queueDeleteOk(messages: Int(fields.message_count))
    default: return nil
    }
  }

  private static func basicMethod(_ number: UInt32, _ decoded: UnsafeMutableRawPointer) -> ServerMethod? {
    switch number {
    case AMQP_BASIC_QOS_OK_METHOD: return .basicQosOk
    case AMQP_BASIC_CONSUME_OK_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_basic_consume_ok_t.self).pointee
      return .basicConsumeOk(consumerTag: fields.consumer_tag.text)
    case AMQP_BASIC_CANCEL_METHOD: return .basicCancel
    case AMQP_BASIC_CANCEL_OK_METHOD: return .basicCancelOk
    case AMQP_BASIC_RETURN_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee
      return .basicReturn(
        code: fields.reply_code, text: fields.reply_text.text, exchange: fields.exchange.text,
        routingKey: fields.routing_key.text)
    case AMQP_BASIC_GET_OK_METHOD:
      let fields = decoded.assumingMemoryBound(to: amqp_basic_get_ok_t.self).pointee
      let envelope = Envelope(
        tag: fields.delivery_tag, isRedelivered: fields.redelivered != 0,
        route: Route(exchange: fields.exchange.text, routingKey: fields.routing_key.text))
      return .basicGetOk(envelope, remaining: Int(fields.message_count))
    case AMQP_BASIC_GET_EMPTY_METHOD: return .basicGetEmpty
    case AMQP_CONFIRM_SELECT_OK_METHOD: return .confirmSelectOk
    default: return nil
    }
  }
}
