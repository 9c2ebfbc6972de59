import AMQP
import Concurrency
import Engine
import Identifiers
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// A broker with the topology of one stage and a migrated database, without workers.
struct SweepHarness: Sendable {
  static let queue = "one.dead"

  let client: PostgresClient
  let topology: Topology
  let brokerURL: AMQPURL
  let loop: EventLoop
  /// For what a test looks at and breaks.
  let connection: AMQPConnection

  static func with(_ body: @escaping @Sendable (SweepHarness) async throws -> Void) async throws {
    try await EngineHarness.with(EngineTests.pipeline()) { engine in
      let topology = Topology(stages: engine.stages.map(\.declaration))
      let url = try AMQPURL(engine.brokerURL)
      try await engine.withBrokerConnection { connection in
        try await topology.declare(on: connection)
        try await body(
          SweepHarness(
            client: engine.client, topology: topology, brokerURL: url, loop: engine.loop, connection: connection))
      }
    }
  }

  func sweep(batch: Int = 7) -> DeadLetterSweep {
    DeadLetterSweep(client: client, topology: topology, build: "test", batch: batch)
  }

  /// Sweeps a queue on connections of its own.
  @discardableResult
  func swept(
    _ queue: String = Self.queue, by sweep: DeadLetterSweep? = nil,
    progress: (SweepReport, AMQPConnection) -> Void = { _, _ in }
  ) async throws -> SweepReport {
    let consuming = try await AMQPConnection.connect(to: brokerURL, on: loop)
    let publishing = try await AMQPConnection.connect(to: brokerURL, on: loop)
    let sweep = sweep ?? self.sweep()
    let result: Result<SweepReport, SweepError>
    do throws(SweepError) {
      result = .success(
        try await sweep.sweep(queue, consuming: consuming, publishing: publishing) { progress($0, consuming) })
    } catch { result = .failure(error) }
    await consuming.close()
    await publishing.close()
    return try result.get()
  }

  /// Writes the rows of open letters.
  @discardableResult
  func write(_ count: Int, to queue: String = Self.queue) async throws -> [UUID] {
    let ids = (0..<count).map { _ in UUID.next() }
    try await client.query(
      """
      insert into dead_letter (id, queue, stage, routing_key, headers, body, error_code, error, build, group_name)
      select id, \(queue), 'one', 'text.one', '{"traceparent": "00-a"}', '{}', 'test', 'failed', 'test', 'one/test'
      from unnest(\(ids)::uuid[]) as u (id)
      """)
    return ids
  }

  /// Puts messages into a queue.
  func publish(
    _ ids: [UUID?], to queue: String = Self.queue, headers: FieldTable = [:], body: [UInt8] = Array("{}".utf8)
  ) async throws {
    let outcomes = try await connection.publish(
      ids.map { id in
        OutgoingMessage(
          exchange: "", routingKey: queue,
          properties: MessageProperties(messageID: id?.description, headers: headers), body: body)
      })
    try #require(outcomes.allSatisfy { $0 == .confirmed })
  }

  func settle(_ ids: [UUID], _ state: String) async throws {
    try await client.query("update dead_letter set state = \(state) where id = any(\(ids)::uuid[])")
  }

  /// Everything that stands in a queue; it stays there.
  func messages(in queue: String = Self.queue) async throws -> [AMQPDelivery] {
    let puller = try await connection.pull(queue: queue)
    var deliveries: [AMQPDelivery] = []
    while let (delivery, _) = try await puller.get() { deliveries.append(delivery) }
    await puller.close()
    return deliveries
  }

  /// The open letters of a queue, in the order of their ids.
  func open(in queue: String = Self.queue) async throws -> [String] {
    try await client.query(
      "select id::text as id from dead_letter where queue = \(queue) and state = 'open' order by id"
    )
    .column("id", as: String.self)
  }

  /// Expects one message for each open letter and no other.
  func expectAgreement(
    in queue: String = Self.queue, _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
  ) async throws {
    let messages = try await messages(in: queue).map { $0.properties.messageID ?? "none" }.sorted()
    #expect(messages == (try await open(in: queue)), comment, sourceLocation: location)
    let counted = try await client.query(
      "select coalesce(sum(open), 0)::int8 as open from dead_letter_group where queue = \(queue)", as: Int64.self)
    #expect(counted == [Int64(messages.count)], comment, sourceLocation: location)
  }
}

extension AMQPDelivery {
  /// Its headers without the broker's count of how often a test has looked.
  var ownHeaders: FieldTable { properties.headers.filter { $0.key != "x-delivery-count" } }
}
