internal import AMQP
internal import Arguments
internal import Text

/// What the commands that work on a broker have in common.
enum BrokerArguments {
  static let url = Positional("url", .text(placeholder: "amqp-url"), help: "The broker.")
  static let queueType = Option(
    "queue-type", .choice(of: ["quorum", "classic"]), default: "quorum", help: "The type of the queues.")

  static func declare(_ queue: String, type: String, on connection: AMQPConnection) async throws(AMQPError) {
    _ = try await connection.declareQueue(queue, arguments: ["x-queue-type": .string(type)])
  }
}
