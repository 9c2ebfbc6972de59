internal import Identifiers
internal import JSON
package import PostgreSQL

extension Ledger {
  /// Writes messages beside whatever else the transaction writes. An entry that stands there already was written by a
  /// transaction whose commit seemed lost.
  package static func write(
    _ entries: [OutboxEntry], on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    guard !entries.isEmpty else { return }
    _ = try await connection.query(
      """
      insert into outbox (id, exchange, routing_key, message_id, headers, body, publish_at)
      select id, exchange, routing_key, message_id, headers, body, now() + delay_ms * interval '1 millisecond'
      from unnest(
        \(entries.map(\.id))::uuid[], \(entries.map(\.exchange))::text[], \(entries.map(\.routingKey))::text[],
        \(entries.map(\.messageID))::text[], \(entries.map { JSONText(bytes: $0.headers.canonicalBytes) })::jsonb[],
        \(entries.map(\.body))::bytea[], \(entries.map(\.delay.milliseconds))::int8[]
      ) as u (id, exchange, routing_key, message_id, headers, body, delay_ms)
      on conflict (id) do nothing
      """)
  }

  /// Takes due messages, hands them to `publish` and deletes those that it confirms, all in one transaction: what a
  /// crash leaves is published again, what another process has taken is left alone. What is refused comes again after
  /// a while, so that it keeps nothing else back.
  ///
  /// - Parameter publish: publishes and awaits the confirms; answers for each entry whether the broker has it.
  /// - Returns: how many were confirmed.
  package func drainOutbox(
    limit: Int, publish: @escaping @Sendable ([OutboxEntry]) async -> [Bool]
  ) async throws(PostgresError) -> Int {
    try await transaction { connection throws(PostgresError) in
      let rows = try await connection.query(
        """
        select id, exchange, routing_key, message_id, headers, body from outbox
        where publish_at <= now() order by publish_at, id limit \(Int64(limit)) for update skip locked
        """)
      guard !rows.isEmpty else { return 0 }
      var entries: [OutboxEntry] = []
      for row in rows {
        entries.append(
          OutboxEntry(
            id: try row["id", as: UUID.self], exchange: try row["exchange", as: String.self],
            routingKey: try row["routing_key", as: String.self], messageID: try row["message_id", as: String.self],
            headers: try row.json("headers"), body: try row["body", as: [UInt8].self]))
      }
      let outcomes = zip(entries, await publish(entries))
      let confirmed = outcomes.filter(\.1).map(\.0.id)
      let refused = outcomes.filter { !$0.1 }.map(\.0.id)
      _ = try await connection.query("delete from outbox where id = any(\(confirmed)::uuid[])")
      if !refused.isEmpty {
        _ = try await connection.query(
          "update outbox set publish_at = now() + interval '5 seconds' where id = any(\(refused)::uuid[])")
      }
      return confirmed.count
    }
  }
}
