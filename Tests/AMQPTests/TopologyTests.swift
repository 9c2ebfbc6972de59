import AMQP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TopologyTests {
  @Test func `declaring twice the same is no error, and with another argument names queue and argument`() async throws {
    try await withConnection { connection in
      let arguments: FieldTable = ["x-queue-type": "quorum", "x-delivery-limit": 20]
      try await connection.declareQueue("stage.live", arguments: arguments)
      try await connection.declareQueue("stage.live", arguments: arguments)
      let error = await amqpError {
        try await connection.declareQueue("stage.live", arguments: ["x-queue-type": "quorum"])
      }
      #expect(error?.mismatch == ["queue", "stage.live", "x-delivery-limit"])
      #expect(
        error?.description.contains("the queue 'stage.live' exists with another value of 'x-delivery-limit'") == true)
      #expect(try await connection.inspectQueue("stage.live").ready == 0)
    }
  }

  @Test func `an exchange of another type is named`() async throws {
    try await withConnection { connection in
      try await connection.declareExchange("x", type: "topic")
      let error = await amqpError { try await connection.declareExchange("x", type: "direct") }
      #expect(error?.mismatch == ["exchange", "x", "type"])
      try await connection.deleteExchange("x")
      try await connection.declareExchange("x", type: "direct")
    }
  }

  @Test func `inspecting a queue that is not there is a 404`() async throws {
    try await withConnection { connection in
      let error = await amqpError { try await connection.inspectQueue("nowhere") }
      #expect(error?.channelCode == 404)
    }
  }

  @Test func `a queue without a name gets one, and goes with its connection`() async throws {
    try await withBroker { url in
      let name = try await withConnection(to: url) { connection in
        try await connection.declareQueue("", durable: false, exclusive: true, autoDelete: true).name
      }
      #expect(!name.isEmpty)
      try await withConnection(to: url) { connection in
        // Deleting what is not there is no error.
        let messages = try await connection.deleteQueue(name)
        #expect(messages == 0)
        let error = await amqpError { try await connection.inspectQueue(name) }
        #expect(error?.channelCode == 404)
      }
    }
  }

  @Test func `a binding lets messages in until it is taken away`() async throws {
    try await withConnection { connection in
      try await connection.declareExchange("x", type: "direct")
      try await connection.declareQueue("q")
      try await connection.bind(queue: "q", to: "x", routingKey: "k")
      let message = OutgoingMessage(exchange: "x", routingKey: "k", body: [])
      #expect(try await connection.publish([message]) == [.confirmed])
      try await connection.unbind(queue: "q", from: "x", routingKey: "k")
      #expect(try await connection.publish([message]) == [.returned(code: 312, text: "NO_ROUTE")])
    }
  }

  @Test func `many declarations at once each get their own answer`() async throws {
    try await withConnection { connection in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<50 {
          group.addTask { try await connection.declareQueue("q\(index)", durable: false).name == "q\(index)" }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }
}
