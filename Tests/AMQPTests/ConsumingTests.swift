import AMQP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConsumingTests {
  @Test func `a message arrives as it was sent`() async throws {
    try await withConnection { connection in
      try await connection.declareExchange("films", type: "topic")
      try await connection.declareQueue("q")
      try await connection.bind(queue: "q", to: "films", routingKey: "video.*")
      let sent = OutgoingMessage(
        exchange: "films", routingKey: "video.initial",
        properties: MessageProperties(
          contentType: "application/json", messageID: "m-1", type: "work", timestamp: 1_691_352_890,
          headers: [
            "text": "ümlaut", "number": -7, "flag": true, "half": .double(0.5), "bytes": .bytes([0, 255]),
            "list": .array([1, "two", .void]), "table": .table(["inner": .timestamp(5)]),
          ]),
        body: Array("{}".utf8))
      #expect(try await connection.publish([sent]) == [.confirmed])

      let consumer = try await connection.consume(queue: "q", prefetch: 10)
      let delivery = try #require(try await consumer.take(1).first)
      #expect(delivery.exchange == "films")
      #expect(delivery.routingKey == "video.initial")
      #expect(delivery.properties == sent.properties)
      #expect(delivery.body == sent.body)
      #expect(!delivery.isRedelivered)
      await consumer.ack(delivery.tag)
      await consumer.close()
      #expect(try await connection.inspectQueue("q").ready == 0)
    }
  }

  @Test func `a body larger than a frame, and one of nothing, arrive whole`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let bodies = [large, [], [7]]
      let outcomes = try await connection.publish(
        bodies.map { OutgoingMessage(exchange: "", routingKey: "q", body: $0) })
      #expect(outcomes == [.confirmed, .confirmed, .confirmed])
      let deliveries = try await connection.consume(queue: "q", prefetch: 10).take(3)
      #expect(deliveries.map(\.body) == bodies)
    }
  }

  @Test func `each delivery says its own way, and one header is found without the others`() async throws {
    try await withConnection { connection in
      try await connection.declareExchange("e", type: "topic")
      try await connection.declareQueue("q")
      try await connection.bind(queue: "q", to: "e", routingKey: "#")
      let keys = ["a.one", "a.one", "b.two", "", "b.two", String(repeating: "k", count: 255)]
      let messages = keys.enumerated().map { number, key in
        OutgoingMessage(
          exchange: "e", routingKey: key,
          properties: MessageProperties(headers: ["number": .integer(Int64(number)), "other": "text"]), body: [])
      }
      _ = try await connection.publish(messages)
      let deliveries = try await connection.consume(queue: "q", prefetch: 10).take(keys.count)
      #expect(deliveries.map(\.routingKey) == keys)
      #expect(deliveries.allSatisfy { $0.exchange == "e" })
      #expect(deliveries.map { $0.header("number") } == keys.indices.map { .integer(Int64($0)) })
      #expect(deliveries.map { $0.header("other") } == keys.map { _ in "text" })
      #expect(deliveries.allSatisfy { $0.header("numbe") == nil })
    }
  }

  @Test func `no more is delivered than the prefetch until it is acknowledged`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      _ = try await connection.publish((0..<10).map { message(to: "q", "\($0)") })
      let consumer = try await connection.consume(queue: "q", prefetch: 3)
      let first = try await consumer.take(3)
      #expect(first.count == 3)
      #expect(try await connection.inspectQueue("q").ready == 7)
      await consumer.ack(first[1].tag)
      let fourth = try await consumer.take(1)
      #expect(fourth.map { String(decoding: $0.body, as: UTF8.self) } == ["3"])
      #expect(try await connection.inspectQueue("q").ready == 6)
    }
  }

  @Test func `what was not acknowledged when the connection closed is delivered again`() async throws {
    try await withBroker { url in
      try await withConnection(to: url) { connection in
        try await connection.declareQueue("q")
        _ = try await connection.publish((0..<5).map { message(to: "q", "\($0)") })
        let consumer = try await connection.consume(queue: "q", prefetch: 5)
        let deliveries = try await consumer.take(5)
        await consumer.ack([deliveries[0].tag, deliveries[3].tag])
      }
      try await withConnection(to: url) { connection in
        let again = try await connection.consume(queue: "q", prefetch: 5).take(3)
        #expect(again.map { String(decoding: $0.body, as: UTF8.self) } == ["1", "2", "4"])
        #expect(again.allSatisfy { $0.isRedelivered })
      }
    }
  }

  @Test func `a consumer whose queue is deleted ends with an error that names the queue`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      _ = try await connection.publish([message(to: "q")])
      let consumer = try await connection.consume(queue: "q", prefetch: 1)
      #expect(try await consumer.take(1).count == 1)
      async let end = amqpError { try await consumer.nextBatch() }
      try await connection.deleteQueue("q")
      #expect(await end == .consumerCancelled(queue: "q"))
    }
  }

  @Test func `after a cancel, what was taken is acknowledged and the rest goes back`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      _ = try await connection.publish((0..<4).map { message(to: "q", "\($0)") })
      let consumer = try await connection.consume(queue: "q", prefetch: 2)
      let taken = try await consumer.take(2)
      try await consumer.cancel()
      #expect(try await consumer.nextBatch() == nil)
      await consumer.ack(taken[0].tag)
      await consumer.nack(taken[1].tag, requeue: true)
      await consumer.close()
      let status = try await connection.inspectQueue("q")
      #expect(status.ready == 3)
      #expect(status.consumers == 0)
    }
  }

  @Test func `a cancelled task stops waiting, and what comes next is for the next who waits`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      let consumer = try await connection.consume(queue: "q", prefetch: 1)
      let waiting = Task { try await consumer.nextBatch() }
      waiting.cancel()
      #expect(try await waiting.value == nil)
      _ = try await connection.publish([message(to: "q")])
      #expect(try await consumer.take(1).count == 1)
    }
  }

  @Test func `a dropped consumer gives its messages back`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      _ = try await connection.publish([message(to: "q")])
      try await connection.consume(queue: "q", prefetch: 1).take(1).forEach { _ in }
      try await eventually("the message is back") { try await connection.inspectQueue("q").ready == 1 }
    }
  }

  @Test func `a walk through a queue takes messages one by one until it is empty`() async throws {
    try await withConnection { connection in
      try await connection.declareQueue("q")
      _ = try await connection.publish((0..<3).map { message(to: "q", "\($0)") })
      let puller = try await connection.pull(queue: "q")
      var remaining: [Int] = []
      while let (delivery, left) = try await puller.get() {
        remaining.append(left)
        if left != 1 { await puller.ack(delivery.tag) }
      }
      #expect(remaining == [2, 1, 0])
      await puller.close()
      #expect(try await connection.inspectQueue("q").ready == 1)
    }
  }

  @Test func `consuming or pulling from a queue that is not there fails, and the connection lives on`() async throws {
    try await withConnection { connection in
      let consuming = await amqpError { try await connection.consume(queue: "nowhere", prefetch: 1) }
      #expect(consuming?.channelCode == 404)
      let pulling = await amqpError { try await connection.pull(queue: "nowhere").get() }
      #expect(pulling?.channelCode == 404)
      try await connection.declareQueue("q")
    }
  }
}
