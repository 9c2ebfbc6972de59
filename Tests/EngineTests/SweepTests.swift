import AMQP
import Engine
import Identifiers
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Whatever happened between queue and rows, a sweep brings the queue in line.
@Suite struct SweepTests {
  @Test func `what is open stays, what is closed goes, what is missing comes back, what is doubled stands once`()
    async throws
  {
    try await SweepHarness.with { harness in
      let open = try await harness.write(20)
      let closed = try await harness.write(9)
      let missing = try await harness.write(11)
      try await harness.publish(open + closed + Array(open.prefix(5)))
      try await harness.settle(Array(closed.prefix(3)), "closed")
      try await harness.settle(Array(closed[3..<6]), "archived")
      try await harness.settle(Array(closed[6...]), "discarded")
      let report = try await harness.swept()
      var expected = SweepReport(queue: SweepHarness.queue)
      (expected.walked, expected.kept, expected.closed, expected.duplicates) = (34, 20, 9, 5)
      expected.returned = missing.count
      #expect(report == expected)
      try await harness.expectAgreement()
      let again = try await harness.swept()
      #expect(again.walked == 31 && again.kept == 31 && again.returned == 0)
      try await harness.expectAgreement()
    }
  }

  @Test func `a message is published again as its row is`() async throws {
    try await SweepHarness.with { harness in
      let id = try await harness.write(1)
      try await harness.publish(id.map(Optional.some), headers: ["x-custom": "gone"], body: Array("old".utf8))
      try await harness.swept()
      let message = try #require(try await harness.messages().first)
      #expect(message.body == Array("{}".utf8))
      #expect(message.ownHeaders == ["traceparent": "00-a"])
      #expect(message.properties.isPersistent)
    }
  }

  @Test func `letters whose message is on its way are not sent a second time`() async throws {
    try await SweepHarness.with { harness in
      let ids = try await harness.write(3)
      // One is still there when the sweep ends, one was published at this moment, one is nowhere.
      try await harness.client.query(
        """
        insert into outbox (id, exchange, routing_key, message_id, body)
        select gen_random_uuid(), '', 'one.dead', id::text, '{}' from unnest(\(Array(ids.prefix(2)))::uuid[]) as u (id)
        """)
      try await harness.publish([ids[1]])
      let report = try await harness.swept()
      #expect(report.kept == 1 && report.returned == 1)
      #expect(Set(try await harness.messages().map(\.properties.messageID)) == Set(ids[1...].map(\.description)))
    }
  }

  @Test func `a queue that was deleted or purged is filled again`() async throws {
    try await SweepHarness.with { harness in
      let ids = try await harness.write(30)
      try await harness.publish(ids)
      try await harness.connection.deleteQueue(SweepHarness.queue)
      try await harness.topology.declare(on: harness.connection)
      #expect(try await harness.swept().returned == 30)
      try await harness.expectAgreement()
    }
  }

  @Test func `two sweeps do not work on one queue at a time`() async throws {
    try await SweepHarness.with { harness in
      try await harness.publish(try await harness.write(20))
      try await harness.client.query(
        "insert into dead_letter_sweep values ('one.dead', gen_random_uuid(), now() + interval '1 minute')")
      let busy = try await harness.swept()
      #expect(busy.isBusy && busy.walked == 0)
      // Whoever died is waited for no longer than its lease.
      try await harness.client.query("update dead_letter_sweep set lease_until = now() - interval '1 second'")
      #expect(try await harness.swept().kept == 20)
      async let first = harness.swept()
      async let second = harness.swept()
      let walked = try await [first, second].filter { !$0.isBusy }.map(\.walked)
      #expect(walked.allSatisfy { $0 == 20 } && !walked.isEmpty)
      try await harness.expectAgreement()
    }
  }

  @Test func `a sweep that was overtaken ends`() async throws {
    try await SweepHarness.with { harness in
      try await harness.publish(try await harness.write(200))
      let client = harness.client
      let overtaken = await #expect(throws: SweepError.self) {
        try await harness.swept(by: harness.sweep(batch: 1)) { report, _ in
          guard report.walked == 7 else { return }
          Task { try await client.query("update dead_letter_sweep set holder = gen_random_uuid()") }
        }
      }
      guard case .overtaken(SweepHarness.queue) = overtaken else {
        Issue.record("expected to be overtaken, came \(String(describing: overtaken))")
        return
      }
      try await harness.client.query("delete from dead_letter_sweep")
      try await harness.swept()
      try await harness.expectAgreement()
    }
  }

  @Test(arguments: [0, 7, 21, 49])
  func `a sweep whose connection is lost loses nothing`(after walked: Int) async throws {
    try await SweepHarness.with { harness in
      let ids = try await harness.write(60)
      for _ in 0..<5 { try await harness.publish(Array(ids.prefix(50))) }
      await #expect(throws: SweepError.self) {
        try await harness.swept { report, consuming in
          if report.walked >= walked { Task { await consuming.close() } }
        }
      }
      try await harness.swept()
      try await harness.expectAgreement()
    }
  }

  @Test func `a sweep that is cancelled loses and doubles nothing`() async throws {
    try await SweepHarness.with { harness in
      try await harness.publish(try await harness.write(100))
      let sweep = Task {
        try await harness.swept { report, _ in if report.walked >= 21 { withUnsafeCurrentTask { $0?.cancel() } } }
      }
      _ = await sweep.result
      #expect(try await harness.swept().walked == 100)
      try await harness.expectAgreement()
    }
  }

  @Test func `whatever was written, dealt with, lost and doubled, one sweep makes them agree`() async throws {
    let seed = UInt64.random(in: .min ... .max)
    try await SweepHarness.with { harness in
      var random = SeededGenerator(seed: seed)
      var letters: [UUID] = []
      for round in 0..<6 {
        for _ in 0..<Int.random(in: 5...25, using: &random) {
          let some = letters.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)).map(\.self)
          switch Int.random(in: 0..<8, using: &random) {
          case 0, 1:
            let new = try await harness.write(Int.random(in: 1...9, using: &random))
            try await harness.publish(new)
            letters += new
          case 2: letters += try await harness.write(1)
          case 3: try await harness.settle(some, ["archived", "discarded", "closed"].randomElement(using: &random)!)
          case 4: try await harness.settle(some, "open")
          case 5: try await harness.publish(some)
          case 6:
            let id = Bool.random(using: &random) ? UUID.next() : nil
            try await harness.publish([id], body: Array("foreign \(Int.random(in: 0..<9, using: &random))".utf8))
          default:
            let puller = try await harness.connection.pull(queue: SweepHarness.queue)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
              if let (delivery, _) = try await puller.get() { await puller.ack(delivery.tag) }
            }
            await puller.close()
          }
        }
        try await harness.swept(by: harness.sweep(batch: Int.random(in: 1...20, using: &random)))
        try await harness.expectAgreement("seed \(seed), round \(round)")
      }
    }
  }
}
