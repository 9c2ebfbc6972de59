package import Identifiers
package import JSON
package import Pipeline

/// A message that must be published although no delivery stands behind it.
package struct OutboxEntry: Sendable, Equatable {
  package let id: UUID
  package let exchange: String
  package let routingKey: String
  package let messageID: String
  package let headers: JSON
  package let body: [UInt8]
  /// How long to wait before it is published.
  package let delay: Duration

  package init(
    id: UUID = .next(), exchange: String, routingKey: String, messageID: String? = nil, headers: JSON = [:],
    body: [UInt8], delay: Duration = .zero
  ) {
    self.id = id
    self.exchange = exchange
    self.routingKey = routingKey
    self.messageID = messageID ?? id.description
    self.headers = headers
    self.body = body
    self.delay = delay
  }

  /// A standard message in a lane.
  ///
  /// - Parameter trace: the W3C `traceparent` that it belongs to.
  package init(_ message: Message, lane: Lane, trace: String? = nil) {
    self.init(
      exchange: Topology.exchange(lane), routingKey: message.routingKey,
      headers: trace.map { ["traceparent": .string($0)] } ?? [:], body: message.body)
  }
}
