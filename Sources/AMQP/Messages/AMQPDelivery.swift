/// A message that the broker handed over; it stays the broker's until it is acknowledged.
package struct AMQPDelivery: Sendable {
  /// Names the delivery on its channel: for `ack` and `nack`.
  package let tag: UInt64
  /// It was handed to somebody before, who did not acknowledge it.
  package let isRedelivered: Bool
  package let body: [UInt8]
  let route: Route
  let encodedProperties: EncodedProperties

  init(_ envelope: Envelope, properties: EncodedProperties, body: [UInt8]) {
    tag = envelope.tag
    isRedelivered = envelope.isRedelivered
    route = envelope.route
    encodedProperties = properties
    self.body = body
  }

  package var exchange: String { route.exchange }
  package var routingKey: String { route.routingKey }

  /// Decoded at each call: keep them where they are needed more than once.
  package var properties: MessageProperties { encodedProperties.decoded }

  /// One of the headers, without decoding the others.
  package func header(_ name: String) -> FieldValue? { encodedProperties.header(name) }
}
