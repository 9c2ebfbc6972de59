/// A message to publish.
package struct OutgoingMessage: Sendable, Equatable {
  /// The empty name is the default exchange, which routes to the queue that the routing key names.
  package var exchange: String
  package var routingKey: String
  package var properties: MessageProperties
  package var body: [UInt8]
  /// A message that no queue takes comes back (``PublishOutcome/returned(code:text:)``) instead of vanishing.
  package var isMandatory: Bool

  /// Give messages an id of their own: it tells apart two with the same exchange and key when one is returned.
  package init(
    exchange: String, routingKey: String, properties: MessageProperties = MessageProperties(), body: [UInt8],
    isMandatory: Bool = true
  ) {
    self.exchange = exchange
    self.routingKey = routingKey
    self.properties = properties
    self.body = body
    self.isMandatory = isMandatory
  }
}
