internal import AMQP
internal import Hashing
internal import Identifiers
internal import JSON
internal import Pipeline

/// A message that stands where dead letters stand, without a row: the broker gave it up, no queue was bound to its
/// routing key, or a stranger put it there.
struct FoundLetter: Sendable {
  let id: UUID
  /// Nil for what no stage serves.
  let stage: StageName?
  /// Nil where the body does not say.
  let asset: AssetID?
  let routingKey: String
  let headers: JSON
  let body: [UInt8]
  let failure: StageFailure

  /// What the group's name begins with.
  var source: String { stage?.rawValue ?? "unroutable" }

  /// - Parameters:
  ///   - stage: whose dead-letter queue it stands in; nil for the queue of what cannot be routed.
  ///   - now: milliseconds since 1970.
  init(_ delivery: AMQPDelivery, stage: StageName?, now: Int64) {
    let death = Death(delivery)
    self.stage = stage
    asset = (try? Message(decoding: delivery.body, now: now))?.asset
    routingKey = (death?.routingKey ?? delivery.routingKey).withoutNUL
    headers = delivery.portableHeaders
    body = delivery.body
    id = Self.identify(delivery, death, stage: stage)
    failure =
      if let death {
        .permanent("broker.\(death.reason)", death.explanation)
      } else if stage == nil {
        .permanent("message.unroutable", "no stage serves the routing key \(routingKey)")
      } else {
        .permanent(
          "message.foreign",
          "a message without a row stood in the queue: another program put it there, or rows were lost")
      }
  }

  /// The same for the same message, so that a sweep that is ended between its row and its acknowledgement is repeated
  /// without a second row. Of what the broker gave up, each time counts for itself.
  private static func identify(_ delivery: AMQPDelivery, _ death: Death?, stage: StageName?) -> UUID {
    var hash = SHA256()
    let parts = [
      stage?.rawValue, delivery.properties.messageID, delivery.exchange, delivery.routingKey,
      delivery.properties.timestamp.map(String.init), death.map { "\($0.time ?? 0) \($0.count ?? 0)" },
    ]
    for part in parts {
      let bytes = Array((part ?? "").utf8)
      hash.update(Array("\(bytes.count) ".utf8))
      hash.update(bytes)
    }
    hash.update(delivery.body)
    let bits = UUID(bytes: hash.finalize().bytes.prefix(16)) ?? .next()
    // A UUID of no time and no place (RFC 9562, 5.8).
    return UUID(high: bits.high & ~0xF000 | 0x8000, low: bits.low & (.max >> 2) | 1 << 63)
  }
}

extension FoundLetter {
  /// What the broker says about a message that it dead-lettered. A stranger can say so too: it decides nothing but the
  /// text and the id.
  struct Death {
    /// One of the broker's words.
    let reason: String
    let routingKey: String?
    let time: UInt64?
    let count: Int64?

    /// Nil if the message does not come from a stage's queue by the broker's hand.
    init?(_ delivery: AMQPDelivery) {
      guard case .array(let deaths) = delivery.properties.headers["x-death"], case .table(let last) = deaths.first
      else { return nil }
      reason =
        if case .string(let word) = last["reason"], Self.reasons.contains(word) {
          word.replacing("_", with: "-")
        } else { "dead-lettered" }
      if case .array(let keys) = last["routing-keys"], case .string(let key) = keys.first {
        routingKey = key
      } else {
        routingKey = nil
      }
      time = if case .timestamp(let seconds) = last["time"] { seconds } else { nil }
      count = if case .integer(let count) = last["count"] { count } else { nil }
    }

    /// https://www.rabbitmq.com/docs/dlx
    private static let reasons: Set<String> = ["rejected", "expired", "maxlen", "delivery_limit"]

    var explanation: String {
      switch reason {
      case "delivery-limit":
        "the broker gave it up: it came back from its workers again and again, as if it ended them; try it alone"
      case "expired": "the broker let it expire; remove the policy that limits how long messages live"
      case "maxlen": "the broker dropped it from a full queue; remove the policy that limits the queue's length"
      default: "the broker gave it up"
      }
    }
  }
}
