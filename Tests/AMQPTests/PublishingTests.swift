import AMQP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PublishingTests {
  @Test func `ten thousand messages are confirmed through a window of a hundred`() async throws {
    var options = AMQPConnection.Options()
    options.publishWindow = 100
    try await withConnection(options: options) { connection in
      try await connection.declareQueue("q")
      let outcomes = try await connection.publish((0..<10_000).map { message(to: "q", "\($0)") })
      #expect(outcomes.count == 10_000)
      #expect(outcomes.allSatisfy { $0 == .confirmed })
      #expect(try await connection.inspectQueue("q").ready == 10_000)
      #expect(try await connection.purgeQueue("q") == 10_000)
    }
  }

  @Test func `many callers publish at once and each gets its own outcomes`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for caller in 0..<200 {
          group.addTask {
            let isLost = caller.isMultiple(of: 3)
            let outcomes = try await connection.publish([
              message(to: "q"), message(to: isLost ? "nowhere" : "q", id: "\(caller)"),
            ])
            let second = isLost ? PublishOutcome.returned(code: 312, text: "NO_ROUTE") : .confirmed
            return outcomes == [.confirmed, second]
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func `a mandatory message without a queue comes back, another one is confirmed`() async throws {
    try await withConnection { connection in
      var optional = message(to: "nowhere")
      optional.isMandatory = false
      let outcomes = try await connection.publish([message(to: "nowhere"), optional])
      #expect(outcomes == [.returned(code: 312, text: "NO_ROUTE"), .confirmed])
    }
  }

  @Test func `a full queue rejects`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q", arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])
      #expect(try await connection.publish([message(to: "q"), message(to: "q")]) == [.confirmed, .rejected])
    }
  }

  @Test func `an unknown exchange fails the call, and the next call works`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      let error = await amqpError {
        try await connection.publish([OutgoingMessage(exchange: "nowhere", routingKey: "q", body: [])])
      }
      #expect(error?.channelCode == 404)
      #expect(error?.description.contains("nowhere") == true)
      #expect(try await connection.publish([message(to: "q")]) == [.confirmed])
    }
  }

  @Test func `a name or headers that no frame holds fail before anything is sent`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      let longName = await amqpError { try await connection.publish([message(to: String(repeating: "x", count: 256))]) }
      #expect(longName?.isInvalidArgument == true)
      var heavy = message(to: "q")
      heavy.properties.headers = ["text": .string(String(repeating: "x", count: 200_000))]
      let longHeaders = await amqpError { [heavy] in try await connection.publish([heavy]) }
      #expect(longHeaders?.isInvalidArgument == true)
      #expect(try await connection.publish([message(to: "q")]) == [.confirmed])
    }
  }

  @Test func `nothing to publish is nothing to wait for`() async throws {
    try await withConnection { connection in
      let outcomes = try await connection.publish([])
      #expect(outcomes.isEmpty)
    }
  }
}
