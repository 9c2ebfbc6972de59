import AMQP
import Engine
import FoundationEssentials
import Pipeline
import PostgreSQL
import TestSupport
import Testing

extension EngineHarness {
  /// Publishes messages for an asset past the outbox.
  func ring(_ stages: [RequestedStage], of id: AssetID, lane: Lane) async throws {
    let messages = stages.map { stage in
      OutgoingMessage(
        Message(asset: id, mediaType: .text, requestedAt: 1, stage: stage), lane: lane, trace: nil)
    }
    try await withBrokerConnection { connection in
      _ = try await connection.publish(messages)
    }
  }

  /// Waits until a worker consumes a queue.
  func consuming(_ queue: String) async throws {
    try await withBrokerConnection { connection in
      try await eventually("\(queue) is consumed") {
        // A queue that is not there closes the channel, not the connection.
        ((try? await connection.inspectQueue(queue))?.consumers ?? 0) > 0
      }
    }
  }

  /// What waits for a lock of the connection that asks.
  static let waitsForMe: SQL =
    "select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"

  /// Waits until no worker consumes a queue.
  func abandoned(_ queue: String) async throws {
    try await withBrokerConnection { connection in
      try await eventually("\(queue) is not consumed", within: .seconds(20)) {
        try await connection.inspectQueue(queue).consumers == 0
      }
    }
  }

  /// Closes every connection of this harness's virtual host that the management API knows by now.
  ///
  /// - Returns: how many.
  func closeBrokerConnections() async throws -> Int {
    let api = try BrokerAPI()
    let host = try #require(URLComponents(string: brokerURL)?.path.dropFirst())
    let listing = try await api.send("GET", "vhosts/\(host)/connections")
    var count = 0
    for part in listing.split(separator: "\"name\":\"").dropFirst() {
      guard let name = part.split(separator: "\"").first, name.contains("->") else { continue }
      let path = name.replacing(" ", with: "%20").replacing(">", with: "%3E").replacing(":", with: "%3A")
      if (try? await api.send("DELETE", "connections/\(path)")) != nil { count += 1 }
    }
    return count
  }

  /// Ends every other connection to the database that works on this harness's runs right now.
  ///
  /// - Returns: how many.
  func terminateBackends() async throws -> Int {
    try await client.query(
      """
      select pg_terminate_backend(l.pid) from pg_locks l
      where l.relation = 'run'::regclass and l.pid <> pg_backend_pid()
      """
    ).count
  }

  /// Each asset has the four results of the sample pipeline, recorded once.
  func expectDoneOnce(assets: Int) async throws {
    #expect(try await count("select count(*) as n from artifact where inputs is not null") == assets * 4)
    let doubled = try await count(
      """
      select count(*) as n from (
        select from history where event = 'done' group by asset, stage having count(*) <> 1) as d
      """)
    #expect(doubled == 0)
    #expect(try await deadLetters() == [])
  }
}
