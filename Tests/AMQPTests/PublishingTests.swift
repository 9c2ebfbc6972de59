import AMQP
import Synchronization
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

  @Test func `each outcome is told once, as it comes, and the call returns the same`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      let told = Mutex<[Int: PublishOutcome]>([:])
      let messages = (0..<1000).map { message(to: $0.isMultiple(of: 10) ? "nowhere" : "q", id: "\($0)") }
      let outcomes = try await connection.publish(messages) { indices, outcome in
        told.withLock { told in
          for index in indices {
            let before = told.updateValue(outcome, forKey: index)
            #expect(before == nil)
          }
        }
      }
      #expect(told.withLock { told in messages.indices.map { told[$0] } } == outcomes)
      #expect(outcomes.count { $0 == .confirmed } == 900)
    }
  }

  @Test func `deliveries are acknowledged as what became of them is confirmed`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("from")
      try await connection.declareQueue("to")
      _ = try await connection.publish((0..<200).map { message(to: "from", "\($0)") })
      let consumer = try await connection.consume(queue: "from", prefetch: 32)
      var taken = 0
      while taken < 200, let batch = try await consumer.nextBatch() {
        taken += batch.count
        _ = try await connection.publish(batch.map { OutgoingMessage(exchange: "", routingKey: "to", body: $0.body) }) {
          indices, outcome in
          if outcome == .confirmed { consumer.ackOnLoop(batch[indices].map(\.tag)) }
        }
      }
      await consumer.close()
      #expect(try await connection.inspectQueue("from").ready == 0)
      #expect(try await connection.inspectQueue("to").ready == 200)
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
