import AMQP
import Engine
import FoundationEssentials
import Identifiers
import Pipeline
import PostgreSQL
import TestSupport

/// What scenarios do to messages and queues.
extension Scenario {
  /// Publishes messages past the outbox, as a producer does that knows of nothing else.
  func ring(_ stage: RequestedStage, of assets: [(id: AssetID, mediaType: MediaType)], lane: Lane = .live) async throws
  {
    let messages = assets.map { asset in
      OutgoingMessage(
        Message(asset: asset.id, mediaType: asset.mediaType, requestedAt: 1, stage: stage), lane: lane, trace: nil)
    }
    try await withBrokerConnection { connection in
      for start in stride(from: 0, to: messages.count, by: 1000) {
        _ = try await connection.publish(Array(messages[start..<min(start + 1000, messages.count)]))
      }
    }
  }

  /// Rings for every asset that is not complete: what people do where queues were purged.
  func ringUnfinished() async throws {
    let rows = try await client.query(
      """
      select id, media_type from asset a
      where (select count(*) from artifact f where f.asset = a.id and f.inputs is not null)
        < case when parent is null then 6 else 1 end
      """)
    var assets: [(id: AssetID, mediaType: MediaType)] = []
    for row in rows {
      guard let mediaType = MediaType(rawValue: try row["media_type", as: String.self]) else { continue }
      assets.append((AssetID(try row["id", as: UUID.self]), mediaType))
    }
    try await ring(.refresh, of: assets)
  }

  /// How many messages wait in a queue.
  func ready(_ queue: String) async throws -> Int {
    try await withBrokerConnection { try await $0.inspectQueue(queue).ready }
  }

  /// Has the broker lose all that it knows, and start again as a new one.
  func loseBrokerData() async throws {
    guard let url = URLComponents(string: brokerURL), let user = url.user else {
      throw Unavailable("no user in the URL")
    }
    await services.broker.stop(.killed)
    try FileManager.default.removeItem(atPath: "\(services.node.folder)/data")
    try await services.broker.start()
    try await services.api.makeVirtualHost(String(url.path.dropFirst()), for: user)
  }

  /// Waits until no more than so many messages wait in a queue.
  func drains(_ queue: String, to count: Int) async throws {
    try await eventually("\(queue) holds \(count) messages", within: FaultSize.patience) {
      try await ready(queue) <= count
    }
  }

  /// Publishes every message of the pipeline a second time as soon as it is seen, until all is complete.
  func doubleMessages() async throws {
    try await withBrokerConnection { connection in
      let queue = try await connection.declareQueue("", durable: false, exclusive: true).name
      for lane in Lane.allCases {
        try await connection.bind(queue: queue, to: Topology.exchange(lane), routingKey: "#")
      }
      let consumer = try await connection.consume(queue: queue, prefetch: 1000)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          while let batch = try await consumer.nextBatch() {
            // To its queue alone, so that it does not come here again.
            _ = try await self.publishing(batch.map(Self.copy))
            await consumer.ack(batch.map(\.tag))
          }
        }
        try await untilComplete(every: .milliseconds(200)) {}
        try await consumer.cancel()
        try await group.waitForAll()
      }
    }
  }

  private func publishing(_ messages: [OutgoingMessage]) async throws {
    try await withBrokerConnection { _ = try await $0.publish(messages) }
  }

  private static func copy(_ delivery: AMQPDelivery) -> OutgoingMessage {
    let lane = delivery.exchange == Topology.exchange(.bulk) ? Lane.bulk : .live
    let word = delivery.routingKey.split(separator: ".").last.map(String.init) ?? ""
    let isEntry = RequestedStage.entries.contains { $0.wireName == word }
    return OutgoingMessage(
      exchange: "", routingKey: "\(isEntry ? "dispatch" : word).\(lane.rawValue)", properties: delivery.properties,
      body: delivery.body)
  }
}
