package import AMQP
internal import Identifiers
internal import JSON
package import Pipeline

extension OutgoingMessage {
  /// The standard message in a lane, with CloudEvents names in its headers.
  ///
  /// - Parameter trace: the W3C `traceparent` that it belongs to.
  package init(_ message: Message, lane: Lane, trace: String?) {
    let id = UUID.next().description
    var headers: FieldTable = [
      "cloudEvents_specversion": "1.0", "cloudEvents_id": .string(id), "cloudEvents_source": "/reelmill",
      "cloudEvents_type": .string("reelmill.\(message.stage.wireName)"),
      "cloudEvents_subject": .string(message.slug ?? message.asset.description),
    ]
    if let trace { headers["traceparent"] = .string(trace) }
    self.init(
      exchange: Topology.exchange(lane), routingKey: message.routingKey,
      properties: MessageProperties(contentType: "application/json", messageID: id, headers: headers),
      body: message.body)
  }

  /// What the outbox kept.
  package init(_ entry: OutboxEntry) {
    var headers: FieldTable = [:]
    for (name, value) in entry.headers.object ?? [:] {
      if let text = value.string { headers[name] = .string(text) }
      if let number = value.integer { headers[name] = .integer(number) }
    }
    self.init(
      exchange: entry.exchange, routingKey: entry.routingKey,
      properties: MessageProperties(contentType: "application/json", messageID: entry.messageID, headers: headers),
      body: entry.body)
  }
}

extension AMQPDelivery {
  /// The headers worth keeping with a dead letter. What the broker adds (`x-…`) is left out: copied into a new
  /// message, `x-death` makes the broker drop it as a cycle. The database takes no NUL.
  var portableHeaders: JSON {
    var members: [String: JSON] = [:]
    for (name, value) in properties.headers where !name.hasPrefix("x-") {
      switch value {
      case .string(let text): members[name.withoutNUL] = .string(text.withoutNUL)
      case .integer(let number): members[name.withoutNUL] = .integer(number)
      default: continue
      }
    }
    return .object(members)
  }
}
