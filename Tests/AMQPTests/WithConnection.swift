import AMQP
import Concurrency
import TestSupport

/// Runs `body` with a connection to a virtual host of its own.
func withConnection<Result>(
  options: AMQPConnection.Options = AMQPConnection.Options(), _ body: (AMQPConnection) async throws -> Result
) async throws -> Result {
  try await withBroker { url in
    try await withConnection(to: url, options: options, body)
  }
}

/// Runs `body` with a connection to `url`, and closes it.
func withConnection<Result>(
  to url: String, options: AMQPConnection.Options = AMQPConnection.Options(),
  _ body: (AMQPConnection) async throws -> Result
) async throws -> Result {
  try await withLoop { loop in
    let connection = try await AMQPConnection.connect(to: try AMQPURL(url), on: loop, options: options)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }
}

/// Runs `body` with an event loop, and stops it.
func withLoop<Result>(_ body: (EventLoop) async throws -> Result) async throws -> Result {
  let loop = EventLoop(name: "amqp-test")
  defer { loop.stop() }
  return try await body(loop)
}

/// The error that `body` throws, if it is an ``AMQPError``.
func amqpError<Result>(_ body: () async throws -> Result) async -> AMQPError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? AMQPError
  }
}

/// A message to a queue over the default exchange.
func message(to queue: String, _ text: String = "", id: String? = nil) -> OutgoingMessage {
  OutgoingMessage(
    exchange: "", routingKey: queue, properties: MessageProperties(messageID: id), body: Array(text.utf8))
}

extension AMQPConsumer {
  /// Takes deliveries until there are `count`.
  func take(_ count: Int) async throws -> [AMQPDelivery] {
    var deliveries: [AMQPDelivery] = []
    while deliveries.count < count, let batch = try await nextBatch() { deliveries += batch }
    return deliveries
  }
}

extension AMQPError {
  /// The code with which the broker closed the channel.
  var channelCode: UInt16? { if case .channelClosed(let code, _) = self { code } else { nil } }

  var isInvalidArgument: Bool { if case .invalidArgument = self { true } else { false } }

  /// What differs: kind, name and argument.
  var mismatch: [String]? {
    if case .preconditionFailed(let kind, let name, let argument, _) = self { [kind, name, argument] } else { nil }
  }
}
