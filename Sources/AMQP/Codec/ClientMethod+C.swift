internal import CRabbitMQ

extension ClientMethod {
  /// Writes the method's number and fields to `room`.
  ///
  /// - Returns: the bytes written, or nil if they do not fit or a short text is over 255 bytes.
  func encode(into room: UnsafeMutableRawBufferPointer, arena: inout Arena) -> Int? {
    switch self {
    case .connectionStartOk, .connectionTuneOk, .connectionOpen, .connectionClose, .connectionCloseOk:
      encodeConnectionMethod(into: room, arena: &arena)
    case .basicQos, .basicConsume, .basicCancel, .basicPublish, .basicGet, .basicAck, .basicNack:
      encodeBasicMethod(into: room, arena: &arena)
    case .channelOpen:
      Self.encode(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t(out_of_band: .empty), into: room)
    case .channelClose:
      Self.encode(
        AMQP_CHANNEL_CLOSE_METHOD,
        amqp_channel_close_t(reply_code: 200, reply_text: arena.bytes("done"), class_id: 0, method_id: 0), into: room)
    case .channelCloseOk:
      Self.encode(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t(), into: room)
    case .confirmSelect:
      Self.encode(AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t(nowait: 0), into: room)
    case .exchangeDeclare, .exchangeDelete, .queueDeclare, .queueBind, .queueUnbind, .queuePurge, .queueDelete:
      encodeTopologyMethod(into: room, arena: &arena)
    }
  }

  private func encodeConnectionMethod(into room: UnsafeMutableRawBufferPointer, arena: inout Arena) -> Int? {
    switch self {
    case .connectionStartOk(let properties, let user, let password):
      let fields = amqp_connection_start_ok_t(
        client_properties: arena.table(properties), mechanism: arena.bytes("PLAIN"),
        response: arena.bytes("\0\(user)\0\(password)"), locale: arena.bytes("en_US"))
      return Self.encode(AMQP_CONNECTION_START_OK_METHOD, fields, into: room)
    case .connectionTuneOk(let tuning):
      let fields = amqp_connection_tune_ok_t(
        channel_max: tuning.channelMax, frame_max: tuning.frameMax, heartbeat: tuning.heartbeat)
      return Self.encode(AMQP_CONNECTION_TUNE_OK_METHOD, fields, into: room)
    case .connectionOpen(let vhost):
      let fields = amqp_connection_open_t(virtual_host: arena.bytes(vhost), capabilities: .empty, insist: 0)
      return Self.encode(AMQP_CONNECTION_OPEN_METHOD, fields, into: room)
    case .connectionClose:
      let fields = amqp_connection_close_t(
        reply_code: 200, reply_text: arena.bytes("done"), class_id: 0, method_id: 0)
      return Self.encode(AMQP_CONNECTION_CLOSE_METHOD, fields, into: room)
    default:
      return Self.encode(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t(), into: room)
    }
  }

  private func encodeTopologyMethod(into room: UnsafeMutableRawBufferPointer, arena: inout Arena) -> Int? {
    switch self {
    case .exchangeDeclare(let name, let type, let isPassive, let isDurable, let arguments):
      let fields = amqp_exchange_declare_t(
        ticket: 0, exchange: arena.bytes(name), type: arena.bytes(type), passive: isPassive ? 1 : 0,
        durable: isDurable ? 1 : 0, auto_delete: 0, internal: 0, nowait: 0, arguments: arena.table(arguments))
      return Self.encode(AMQP_EXCHANGE_DECLARE_METHOD, fields, into: room)
    case .exchangeDelete(let name):
      let fields = amqp_exchange_delete_t(ticket: 0, exchange: arena.bytes(name), if_unused: 0, nowait: 0)
      return Self.encode(AMQP_EXCHANGE_DELETE_METHOD, fields, into: room)
    case .queueDeclare(let queue, let isPassive):
      let fields = amqp_queue_declare_t(
        ticket: 0, queue: arena.bytes(queue.name), passive: isPassive ? 1 : 0, durable: queue.isDurable ? 1 : 0,
        exclusive: queue.isExclusive ? 1 : 0, auto_delete: queue.isAutoDelete ? 1 : 0, nowait: 0,
        arguments: arena.table(queue.arguments))
      return Self.encode(AMQP_QUEUE_DECLARE_METHOD, fields, into: room)
    case .queueBind(let queue, let exchange, let routingKey, let arguments):
      let fields = amqp_queue_bind_t(
        ticket: 0, queue: arena.bytes(queue), exchange: arena.bytes(exchange), routing_key: arena.bytes(routingKey),
        nowait: 0, arguments: arena.table(arguments))
      return Self.encode(AMQP_QUEUE_BIND_METHOD, fields, into: room)
    case .queueUnbind(let queue, let exchange, let routingKey, let arguments):
      let fields = amqp_queue_unbind_t(
        ticket: 0, queue: arena.bytes(queue), exchange: arena.bytes(exchange), routing_key: arena.bytes(routingKey),
        arguments: arena.table(arguments))
      return Self.encode(AMQP_QUEUE_UNBIND_METHOD, fields, into: room)
    case .queuePurge(let name):
      let fields = amqp_queue_purge_t(ticket: 0, queue: arena.bytes(name), nowait: 0)
      return Self.encode(AMQP_QUEUE_PURGE_METHOD, fields, into: room)
    case .queueDelete(let name):
      let fields = amqp_queue_delete_t(ticket: 0, queue: arena.bytes(name), if_unused: 0, if_empty: 0, nowait: 0)
      return Self.encode(AMQP_QUEUE_DELETE_METHOD, fields, into: room)
    default:
      return nil
    }
  }

  private func encodeBasicMethod(into room: UnsafeMutableRawBufferPointer, arena: inout Arena) -> Int? {
    switch self {
    case .basicQos(let prefetch):
      let fields = amqp_basic_qos_t(prefetch_size: 0, prefetch_count: prefetch, global: 0)
      return Self.encode(AMQP_BASIC_QOS_METHOD, fields, into: room)
    case .basicConsume(let queue):
      let fields = amqp_basic_consume_t(
        ticket: 0, queue: arena.bytes(queue), consumer_tag: .empty, no_local: 0, no_ack: 0, exclusive: 0, nowait: 0,
        arguments: arena.table([:]))
      return Self.encode(AMQP_BASIC_CONSUME_METHOD, fields, into: room)
    case .basicCancel(let consumerTag):
      let fields = amqp_basic_cancel_t(consumer_tag: arena.bytes(consumerTag), nowait: 0)
      return Self.encode(AMQP_BASIC_CANCEL_METHOD, fields, into: room)
    case .basicPublish(let exchange, let routingKey, let isMandatory):
      let fields = amqp_basic_publish_t(
        ticket: 0, exchange: arena.bytes(exchange), routing_key: arena.bytes(routingKey),
        mandatory: isMandatory ? 1 : 0, immediate: 0)
      return Self.encode(AMQP_BASIC_PUBLISH_METHOD, fields, into: room)
    case .basicGet(let queue):
      let fields = amqp_basic_get_t(ticket: 0, queue: arena.bytes(queue), no_ack: 0)
      return Self.encode(AMQP_BASIC_GET_METHOD, fields, into: room)
    case .basicAck(let tag, let multiple):
      let fields = amqp_basic_ack_t(delivery_tag: tag, multiple: multiple ? 1 : 0)
      return Self.encode(AMQP_BASIC_ACK_METHOD, fields, into: room)
    case .basicNack(let tag, let requeue):
      let fields = amqp_basic_nack_t(delivery_tag: tag, multiple: 0, requeue: requeue ? 1 : 0)
      return Self.encode(AMQP_BASIC_NACK_METHOD, fields, into: room)
    default:
      return nil
    }
  }

  private static func encode<Fields: BitwiseCopyable>(
    _ number: amqp_method_number_t, _ fields: Fields, into room: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard room.count >= 4 else { return nil }
    room.storeBytes(of: number.bigEndian, as: UInt32.self)
    let rest = UnsafeMutableRawBufferPointer(rebasing: room[4...])
    var fields = fields
    let length = withUnsafeMutableBytes(of: &fields) { fields in
      amqp_encode_method(number, fields.baseAddress, amqp_bytes_t(len: rest.count, bytes: rest.baseAddress))
    }
    return length < 0 ? nil : 4 + Int(length)
  }
}
