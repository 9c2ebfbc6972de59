/// A message that the broker handed over; it stays the broker's until it is acknowledged.
package struct AMQPDelivery: Sendable, Equatable {
  /// Names the delivery on its channel: for `ack` and `nack`.
  package let tag: UInt64
  /// It was handed to somebody before, who did not acknowledge it.
  package let isRedelivered: Bool
  package let exchange: String
  package let routingKey: String
  package let properties: MessageProperties
  package let body: [UInt8]
}
