import AMQP
import Blobs
import Concurrency
import Engine
import FoundationEssentials
import Identifiers
import Observability
import PostgreSQL
import TestSupport

/// What is true after every scenario.
extension Scenario {
  /// Waits until nothing is left to do: all results are there, nothing waits in outbox or queues. Then ends the workers.
  ///
  /// What a worker was given and had not answered when it ended comes again: a duplicate, as every fault makes them.
  /// Another worker answers those.
  func complete() async throws {
    for _ in 0..<Self.rounds {
      try await finish()
      await crew.stopAll()
      if try await waiting().isEmpty { return }
      try await crew.hire()
    }
  }

  private static let rounds = 5

  private func finish() async throws {
    let expected = await feed.assets.count * Self.artifacts - options.deadLetters
    try await eventually("\(expected) results are there, and nothing waits", within: FaultSize.patience) {
      let open = try? await count(
        """
        select abs(count(*) - \(Int64(expected))) + (select count(*) from outbox)
          + (select count(*) from run where state not in ('done', 'dead')) as n
        from artifact where inputs is not null
        """)
      guard open == 0 else { return false }
      return try await waiting().isEmpty
    }
  }

  /// Queues of work that hold messages, with their number.
  private func waiting() async throws -> [String] {
    try await withBrokerConnection { connection in
      var found: [String] = []
      for queue in try await queues(["live", "bulk"]) + [Topology.unroutable] {
        let ready = try await connection.inspectQueue(queue).ready
        if ready > 0 { found.append("\(queue) holds \(ready) messages") }
      }
      return found
    }
  }

  private func queues(_ suffixes: [String]) async throws -> [String] {
    let stages = try await client.query("select stage from definition order by stage").column("stage", as: String.self)
    return (["dispatch"] + stages).flatMap { stage in suffixes.map { "\(stage).\($0)" } }
  }

  /// Looks at everything that the workers left.
  ///
  /// - Returns: what is not as it should be.
  func verify() async throws -> [String] {
    var violations = await crew.complaints + (try await waiting())
    violations += try await unpaid() + (try await orphans()) + (try await deadLetterDifferences())
    violations += try await rows(
      "\(Self.artifacts) results of each asset, its two children included, each recorded once",
      """
      select format('%s %s: %s times', asset, stage, count(*)) as what from history
      where event in ('done', 'adopted') group by asset, stage having count(*) <> 1
      """)
    violations += try await rows(
      "two children of each asset",
      """
      select format('%s: %s', p.id, count(c.id)) as what from asset p left join asset c on c.parent = p.id and c.lifecycle = 'active'
      where p.parent is null group by p.id having count(c.id) <> 2
      """)
    return violations
  }

  /// Provider calls ≤ windows + kills, and as many booked as made, or more.
  private func unpaid() async throws -> [String] {
    let file = FileManager.default.contents(atPath: "\(folder)/calls") ?? Data()
    let calls = file.split(separator: UInt8(ascii: "\n")).count
    let windows = try await count("select count(*) * \(Int64(Self.windows)) as n from artifact where kind = 'e'")
    let charges = try await count("select count(*) as n from charge")
    let losses = await crew.losses
    var violations: [String] = []
    if calls < windows { violations.append("\(windows) windows were recorded, and \(calls) calls were made") }
    if calls > windows + losses {
      violations.append("\(calls) calls were made for \(windows) windows with \(losses) workers lost in the middle")
    }
    if charges < calls { violations.append("\(calls) calls were made, and \(charges) were booked") }
    if charges > windows + losses {
      violations.append("\(charges) calls were booked for \(windows) windows with \(losses) workers lost")
    }
    return violations
  }

  /// Rows that nobody would ever look at again, once the collector has been.
  private func orphans() async throws -> [String] {
    let ledger = Ledger(client: client, loop: loop, worker: .next(), build: "test", circuit: Circuit())
    let collector = Collector(
      ledger: ledger, blobs: blobs, scratchFolder: "\(folder)/scratch", retention: Retention(), logger: .silent)
    try await collector.collect()
    var violations: [String] = []
    for table in ["outbox", "run_window", "recipe_lease"] {
      let left = try await count("select count(*) as n from \(identifier: table)")
      if left > 0 { violations.append("\(left) rows are left in \(table)") }
    }
    // A worker that was killed stays for people to see, dead; one that ended in good order does not.
    let workers = try await count("select count(*) as n from worker")
    let losses = await crew.losses
    if workers > losses { violations.append("\(workers) workers are known after the end, with \(losses) lost") }
    return violations
      + (try await rows(
        "runs that ended",
        "select format('%s %s: %s', asset, stage, state) as what from run where state not in ('done', 'dead')"))
  }

  /// Open rows and messages of dead letters are the same, and as many as are meant to be there.
  private func deadLetterDifferences() async throws -> [String] {
    let rows = try await client.query("select id, queue, error_code, error from dead_letter where state = 'open'")
    var missing: [String: String] = [:]
    for row in rows {
      missing[try row["id", as: UUID.self].description] =
        "\(try row["queue", as: String.self]): \(try row["error_code", as: String.self]): \(try row["error", as: String.self])"
    }
    let all = missing
    let queues = try await queues(["dead"])
    let messages = try await withBrokerConnection { connection in
      var ids: [String] = []
      for queue in queues {
        let puller = try await connection.pull(queue: queue)
        while let (delivery, _) = try await puller.get() { ids.append(delivery.properties.messageID ?? "none") }
        await puller.close()
      }
      return ids
    }
    var violations: [String] = []
    for id in messages where missing.removeValue(forKey: id) == nil {
      violations.append("a message of a dead letter without a row, or a second one: \(id)")
    }
    violations += missing.values.map { "a dead letter without a message: \($0)" }
    if all.count != options.deadLetters {
      violations.append("\(options.deadLetters) dead letters were meant, and these are there: \(all.values.sorted())")
    }
    return violations
  }

  /// Violations of what should have no rows.
  private func rows(_ rule: String, _ sql: SQL) async throws -> [String] {
    let found = try await client.query(sql).column("what", as: String.self)
    guard let first = found.first else { return [] }
    return ["not so: \(rule); \(found.count) exceptions, the first: \(first)"]
  }
}
