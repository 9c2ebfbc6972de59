internal import AMQP
internal import JSON
internal import Observability
internal import Pipeline

/// One delivery on its way through the engine.
final class Taking: Sendable {
  let delivery: AMQPDelivery
  let message: Message
  let lane: Lane
  /// The place in a trace that what follows belongs to; that of the message when nil.
  private let place: TraceContext?

  init(delivery: AMQPDelivery, message: Message, lane: Lane, place: TraceContext? = nil) {
    self.delivery = delivery
    self.message = message
    self.lane = lane
    self.place = place
  }

  /// The same delivery, going on in a lane, and in a trace if spans are recorded.
  func going(on lane: Lane, in trace: RunTrace?) -> Taking {
    lane == self.lane && trace == nil
      ? self : Taking(delivery: delivery, message: message, lane: lane, place: trace?.context)
  }

  /// The W3C trace context of what follows.
  var trace: String? {
    if let place { return place.traceparent }
    guard case .string(let text) = delivery.header("traceparent") else { return nil }
    return text
  }

  /// Whether somebody was given it, or what it reminds of, and did not acknowledge it.
  var wasTakenBefore: Bool {
    delivery.isRedelivered || delivery.properties.headers[Self.reminderHeader] != nil
  }

  /// The headers with which it comes again as a reminder.
  var headersOfReminder: JSON {
    var headers = delivery.portableHeaders.object ?? [:]
    headers[Self.reminderHeader] = .integer(1)
    return .object(headers)
  }

  private static let reminderHeader = "reelmill-reminder"

  /// The standard message that asks for a stage next, on behalf of this one.
  func outgoing(for stage: StageName, of snapshot: AssetSnapshot) -> OutgoingMessage {
    var message = message.asking(for: stage)
    message.mediaType = snapshot.asset.mediaType
    return OutgoingMessage(message, lane: lane, trace: trace)
  }
}
