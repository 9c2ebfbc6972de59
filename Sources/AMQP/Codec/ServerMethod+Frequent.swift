internal import CRabbitMQ

extension ServerMethod {
  /// Decodes the methods that come with every message: here, because a detour through C values would cost more than
  /// all the rest of a delivery.
  ///
  /// - Returns: nil for other methods, and for malformed ones.
  static func frequent(_ number: UInt32, _ fields: UnsafeRawBufferPointer, route: inout Route) -> ServerMethod? {
    switch number {
    case AMQP_BASIC_DELIVER_METHOD:
      // Consumer tag (its length, its text), delivery tag (eight bytes), redelivered (a bit), exchange, routing key.
      guard let tagOffset = fields.first.map({ Int($0) + 1 }), fields.count >= tagOffset + 9 else { return nil }
      let encodedRoute = UnsafeRawBufferPointer(rebasing: fields[(tagOffset + 9)...])
      if !route.isEncoded(as: encodedRoute) {
        guard let other = Route(encoded: encodedRoute) else { return nil }
        route = other
      }
      return .basicDeliver(
        Envelope(tag: fields.tag(at: tagOffset), isRedelivered: fields[tagOffset + 8] & 1 != 0, route: route))
    case AMQP_BASIC_ACK_METHOD:
      guard fields.count == 9 else { return nil }
      return .basicAck(tag: fields.tag(at: 0), multiple: fields[8] & 1 != 0)
    case AMQP_BASIC_NACK_METHOD:
      guard fields.count == 9 else { return nil }
      return .basicNack(tag: fields.tag(at: 0), multiple: fields[8] & 1 != 0)
    default:
      return nil
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func tag(at offset: Int) -> UInt64 {
    UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
