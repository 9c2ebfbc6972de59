import AMQP
import Concurrency
import Engine
import HTTPClient
import JSON
import Operations
import Pipeline
import TestSupport
import Testing

@Suite struct BrokerStatusTests {
  @Test func `queues that do not stand are nil`() async throws {
    try await Self.withConnection { connection in
      let status = try await BrokerStatus.read(of: Sample.pipeline, from: connection)
      #expect(status.stages.map(\.stage) == [.dispatch, .read, .paint, .join, .tell])
      #expect(status.stages.allSatisfy { $0.live == nil && $0.bulk == nil && $0.dead == nil })
      #expect(status.unroutable == nil)
    }
  }

  @Test func `ready messages and consumers are exact, lane by lane`() async throws {
    try await Self.withConnection { connection in
      try await Topology(stages: Sample.pipeline.stages).declare(on: connection)
      let message = OutgoingMessage(exchange: "reelmill.bulk", routingKey: "text.read", body: [])
      let typo = OutgoingMessage(exchange: "reelmill.live", routingKey: "text.raed", body: [])
      #expect(try await connection.publish([message, message, typo]) == [.confirmed, .confirmed, .confirmed])
      let status = try await BrokerStatus.read(of: Sample.pipeline, from: connection)
      let read = try #require(status.stages.first { $0.stage == .read })
      #expect(read.live == BrokerStatus.Depth(ready: 0, consumers: 0, unacknowledged: nil))
      #expect(read.bulk == BrokerStatus.Depth(ready: 2, consumers: 0, unacknowledged: nil))
      #expect(read.dead?.ready == 0)
      #expect(status.unroutable?.ready == 1)
      #expect(status.json["unroutable"]?["ready"] == 1)
    }
  }

  @Test func `unacknowledged messages come from the broker's metrics`() async throws {
    let metrics = try await Self.metricsURL()
    try await Self.withConnection { connection in
      try await Topology(stages: Sample.pipeline.stages).declare(on: connection)
      let message = OutgoingMessage(exchange: "reelmill.live", routingKey: "text.read", body: [])
      _ = try await connection.publish([message, message, message])
      let consumer = try await connection.consume(queue: "read.live", prefetch: 2)
      _ = try await consumer.nextBatch()
      let http = HTTPClient()
      // The broker counts every few seconds.
      try await eventually("two messages are unacknowledged", within: .seconds(40)) {
        let metrics = try await BrokerMetrics.read(from: metrics, with: http)
        let status = try await BrokerStatus.read(of: Sample.pipeline, from: connection, metrics: metrics)
        let live = status.stages.first { $0.stage == .read }?.live
        return live == BrokerStatus.Depth(ready: 1, consumers: 1, unacknowledged: 2)
      }
      await consumer.close()
    }
  }

  @Test func `metrics that cannot be read say what to do`() async throws {
    let failure = await #expect(throws: BrokerMetricsFailure.self) {
      try await BrokerMetrics.read(from: "http://127.0.0.1:1", with: HTTPClient())
    }
    #expect(failure?.description.hasPrefix("the broker's metrics cannot be read: http://127.0.0.1:1") == true)
  }

  @Test func `a metric's labels are read with their escapes, and other lines are passed over`() {
    let metrics = BrokerMetrics(
      parsing: #"""
        # TYPE rabbitmq_detailed_queue_messages_unacked gauge
        rabbitmq_detailed_queue_messages_ready{vhost="/",queue="a.live"} 9
        rabbitmq_detailed_queue_messages_unacked{vhost="/",queue="a.live"} 3
        rabbitmq_detailed_queue_messages_unacked{vhost="my \"own\"",queue="back\\slash}"} 4 1700000000
        rabbitmq_detailed_queue_messages_unacked{vhost="/",queue="cut
        rabbitmq_detailed_queue_messages_unacked{vhost="/",queue="none"} NaN
        rabbitmq_detailed_queue_messages_unacked 5
        """#)
    #expect(metrics.unacknowledged(in: "a.live", vhost: "/") == 3)
    #expect(metrics.unacknowledged(in: "a.live", vhost: "other") == nil)
    #expect(metrics.unacknowledged(in: #"back\slash}"#, vhost: #"my "own""#) == 4)
    #expect(metrics.unacknowledged(in: "none", vhost: "/") == nil)
  }

  static func withConnection(_ body: (AMQPConnection) async throws -> Void) async throws {
    try await withBroker { url in
      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let connection = try await AMQPConnection.connect(to: try AMQPURL(url), on: loop)
      try await body(connection)
      await connection.close()
    }
  }

  /// Where the broker under test serves its metrics, as it says itself.
  private static func metricsURL() async throws -> String {
    let overview = try JSON(parsing: try await BrokerAPI().send("GET", "overview"))
    let listener = overview["listeners"]?.array?.first { $0["protocol"]?.string == "http/prometheus" }
    let port = try #require(listener?["port"]?.integer, "the broker under test needs the plugin rabbitmq_prometheus")
    return "http://127.0.0.1:\(port)"
  }
}
