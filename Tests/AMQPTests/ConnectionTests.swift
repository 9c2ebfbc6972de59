import AMQP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
  private func connectError(
    _ url: AMQPURL, options: AMQPConnection.Options = AMQPConnection.Options()
  ) async throws -> AMQPError? {
    try await withLoop { loop in
      await amqpError { try await AMQPConnection.connect(to: url, on: loop, options: options) }
    }
  }

  @Test func `a wrong password is told from everything else`() async throws {
    try await withBroker { text in
      var url = try AMQPURL(text)
      url.password = "wrong"
      let error = try await connectError(url)
      guard case .authentication(user: url.user, _) = error else {
        Issue.record("expected a refused password, got \(String(describing: error))")
        return
      }
      #expect(error?.isRetryable == false)
    }
  }

  @Test func `a virtual host that is not there is named`() async throws {
    try await withBroker { text in
      var url = try AMQPURL(text)
      url.vhost = "nowhere"
      let error = try await connectError(url)
      guard case .vhost("nowhere", _) = error else {
        Issue.record("expected a refused virtual host, got \(String(describing: error))")
        return
      }
    }
  }

  @Test func `a port where nobody listens is refused, and worth another try`() async throws {
    let port = FakeBroker().port
    let error = try await connectError(try AMQPURL("amqp://127.0.0.1:\(port)/"))
    #expect(error == .connectionRefused(host: "127.0.0.1", port: port, reason: "Connection refused"))
    #expect(error?.isRetryable == true)
  }

  @Test func `a port that accepts and says nothing runs into the deadline`() async throws {
    let broker = FakeBroker()
    var options = AMQPConnection.Options()
    options.connectTimeout = .milliseconds(100)
    let error = try await connectError(try AMQPURL("amqp://127.0.0.1:\(broker.port)/"), options: options)
    #expect(error == .timeout("the greeting of a broker"))
  }

  @Test func `a peer of another kind is told so`() async throws {
    let broker = FakeBroker()
    async let error = connectError(try AMQPURL("amqp://127.0.0.1:\(broker.port)/"))
    broker.acceptOne(saying: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    guard case .protocolViolation = try await error else {
      Issue.record("expected a protocol violation, got \(String(describing: try await error))")
      return
    }
  }

  @Test func `a broker that falls silent is given up after two heartbeats`() async throws {
    try await FakeBroker.withConnection { connection, _ in
      let reason = await connection.closed()
      #expect(reason == .connectionLost("the broker was silent for 2.0 seconds"))
      #expect(reason.isRetryable)
    }
  }

  @Test func `everything that waits fails with the reason when the broker hangs up`() async throws {
    try await FakeBroker.withConnection { connection, broker in
      async let publishing = amqpError { try await connection.publish([message(to: "q")]) }
      async let declaring = amqpError { try await connection.declareQueue("q") }
      async let consuming = amqpError { try await connection.consume(queue: "q", prefetch: 1) }
      try await broker.waitForInput()
      broker.hangUp()
      let reason = await connection.closed()
      guard case .connectionLost = reason else { Issue.record("\(reason)"); return }
      #expect(await [publishing, declaring, consuming] == [reason, reason, reason])
      #expect(await amqpError { try await connection.publish([message(to: "q")]) } == reason)
    }
  }

  @Test func `a consumer that begins in the moment in which the connection ends is told so`() async throws {
    try await FakeBroker.withConnection { connection, broker in
      async let consuming = connection.consume(queue: "q", prefetch: 1)
      try await broker.waitForInput()
      broker.say(FakeBroker.Script.consuming + FakeBroker.Script.close(320, "shutdown"))
      let consumer = try await consuming
      let error = await amqpError { try await consumer.nextBatch() }
      #expect(error == .connectionClosed(code: 320, text: "shutdown"))
    }
  }

  @Test func `a blocked broker holds publishers back until their deadline, and lets them go when it is not`()
    async throws
  {
    try await FakeBroker.withConnection { connection, broker in
      broker.say(FakeBroker.Script.blocked("low on memory"))
      try await eventually("the connection is blocked") { await connection.blockedReason == "low on memory" }
      let error = await amqpError { try await connection.publish([message(to: "q")], timeout: .milliseconds(20)) }
      #expect(error == .blocked("low on memory"))
      async let unblocked: Void = connection.waitUntilUnblocked()
      broker.say(FakeBroker.Script.unblocked)
      try await unblocked
      #expect(await connection.blockedReason == nil)
    }
  }

  @Test func `a call without an answer ends at its deadline`() async throws {
    let broker = FakeBroker()
    broker.acceptLogIn()
    try await withLoop { loop in
      var options = AMQPConnection.Options()
      options.callTimeout = .milliseconds(50)
      options.closeTimeout = .milliseconds(50)
      let connection = try await AMQPConnection.connect(
        to: AMQPURL("amqp://127.0.0.1:\(broker.port)/"), on: loop, options: options)
      let error = await amqpError { try await connection.declareQueue("frozen") }
      #expect(error == .timeout("declaring the queue 'frozen'"))
      let publishing = await amqpError { try await connection.publish([message(to: "q")], timeout: .milliseconds(50)) }
      #expect(publishing == .timeout("the confirmation of 1 messages"))
      await connection.close()
      #expect(await connection.closed() == .closed)
    }
  }

  @Test func `a connection that an operator closes says so to who publishes and who consumes`() async throws {
    var options = AMQPConnection.Options()
    options.clientName = "to-be-closed"
    try await withBroker { url in
      try await withConnection(to: url, options: options) { connection in
        try await connection.declareQueue("q")
        let consumer = try await connection.consume(queue: "q", prefetch: 1)
        async let consuming = amqpError { try await consumer.nextBatch() }
        async let publishing = amqpError { while true { _ = try await connection.publish([message(to: "q")]) } }
        try await closeConnections(toVirtualHost: try AMQPURL(url).vhost)
        let reason = await connection.closed()
        guard case .connectionClosed(320, _) = reason else { Issue.record("\(reason)"); return }
        #expect(reason.isRetryable)
        #expect(await publishing == reason)
        // The consumer gets what was delivered before it hears of the end.
        if let consuming = await consuming { #expect(consuming == reason) }
      }
    }
  }

  private func closeConnections(toVirtualHost vhost: String) async throws {
    let api = try BrokerAPI()
    try await eventually("the broker's API knows the connection") {
      let list = try await api.send("GET", "vhosts/\(vhost)/connections?columns=name")
      let names = list.split(separator: "\"").filter { $0.contains("->") }
      for name in names {
        let encoded = name.replacing(" ", with: "%20").replacing(">", with: "%3E").replacing(":", with: "%3A")
        try await api.send("DELETE", "connections/\(encoded)")
      }
      return !names.isEmpty
    }
  }
}
