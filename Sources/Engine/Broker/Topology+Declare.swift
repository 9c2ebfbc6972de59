package import AMQP
internal import Pipeline

extension Topology {
  /// Makes what is missing, and checks that what stands is as described.
  ///
  /// - Throws: ``AMQPError/preconditionFailed(kind:name:argument:text:)`` naming what stands with other arguments.
  package func declare(on connection: AMQPConnection) async throws(AMQPError) {
    try await connection.declareExchange(Self.unroutable, type: "topic")
    try await connection.declareExchange(Self.events, type: "topic", durable: false)
    for lane in Lane.allCases {
      try await connection.declareExchange(
        Self.exchange(lane), type: "topic", arguments: ["alternate-exchange": .string(Self.unroutable)])
    }
    for queue in queues {
      try await connection.declareQueue(queue.name, arguments: queue.arguments)
      for binding in queue.bindings {
        try await connection.bind(queue: queue.name, to: binding.exchange, routingKey: binding.pattern)
      }
    }
  }
}
