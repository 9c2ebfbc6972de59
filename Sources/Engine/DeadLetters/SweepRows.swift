internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

/// The database's side of a ``DeadLetterSweep``.
struct SweepRows: Sendable {
  let client: PostgresClient
  let build: String
  let lease: Duration
  /// This sweep, as its lease names it.
  let holder: UUID

  /// A letter that has a row in the queue that is swept.
  struct Known: Sendable {
    let isOpen: Bool
    /// What to publish; nil unless it is open and met for the first time.
    let message: OutboxEntry?
  }

  /// Where in the order of letters.
  struct Position: Sendable {
    let at: Timestamp
    let id: UUID
  }

  /// Takes the queue for this sweep, and notes which messages are on their way to it.
  ///
  /// - Returns: when it began, by the database's clock; nil if another sweep has the queue.
  func begin(_ queue: String) async throws(SweepError) -> Timestamp? {
    try await attempt { () throws(PostgresError) in
      try await client.committing { connection throws(PostgresError) in
        let rows = try await connection.query(
          """
          insert into dead_letter_sweep as s (queue, holder, lease_until)
          values (\(queue), \(holder), now() + \(lease.milliseconds) * interval '1 millisecond')
          on conflict (queue) do update set holder = excluded.holder, lease_until = excluded.lease_until
          where s.lease_until < now() or s.holder = excluded.holder
          returning now() as start
          """)
        guard let row = rows.first else { return nil }
        _ = try await connection.query("delete from dead_letter_seen where queue = \(queue)")
        _ = try await connection.query(
          """
          with o as materialized (
            select distinct message_id from outbox where exchange = '' and routing_key = \(queue)
          )
          insert into dead_letter_seen (queue, letter, is_met) select \(queue), message_id::uuid, false from o
          """)
        return try row["start", as: Timestamp.self]
      }
    }
  }

  /// Gives the queue back.
  func end(_ queue: String) async throws(SweepError) {
    try await attempt { () throws(PostgresError) in
      _ = try await client.query(
        """
        with s as (delete from dead_letter_sweep where queue = \(queue) and holder = \(holder) returning queue)
        delete from dead_letter_seen where queue in (select queue from s)
        """)
    }
  }

  /// Notes that messages of these ids were met, and reads what their rows say. Ids without a row are left out.
  func meet(_ ids: [UUID], in queue: String) async throws(SweepError) -> [UUID: Known] {
    try await renew(queue)
    guard !ids.isEmpty else { return [:] }
    return try await attempt { () throws(PostgresError) in
      let rows = try await client.query(
        """
        with known as (
          select id, state, headers, body from dead_letter where id = any(\(ids)::uuid[]) and queue = \(queue)
        ), met as (
          insert into dead_letter_seen as s (queue, letter, is_met)
          select \(queue), id, true from known where state = 'open'
          on conflict (queue, letter) do update set is_met = true where not s.is_met
          returning letter
        )
        select id, state = 'open' as is_open, letter is not null as is_first,
          case when letter is not null then headers end as headers, case when letter is not null then body end as body
        from known left join met on letter = id
        """)
      var letters: [UUID: Known] = [:]
      for row in rows {
        let id = try row["id", as: UUID.self]
        let isFirst = try row["is_first", as: Bool.self]
        letters[id] = Known(
          isOpen: try row["is_open", as: Bool.self], message: isFirst ? try Self.entry(row, queue: queue) : nil)
      }
      return letters
    }
  }

  /// Writes rows for messages that have none. One that somebody has dealt with is open again: its message came back.
  ///
  /// - Returns: what to publish for those that are met for the first time.
  func add(_ letters: [FoundLetter], to queue: String) async throws(SweepError) -> [OutboxEntry] {
    // One statement cannot write a row twice.
    let letters = Dictionary(letters.map { ($0.id, $0) }) { first, _ in first }.values.sorted { $0.id < $1.id }
    guard !letters.isEmpty else { return [] }
    let failures = letters.map(\.failure.storable)
    let groups = zip(letters, failures).map { letter, failure in
      DeadLetterGroup(source: letter.source, code: failure.code, message: failure.message).name
    }
    return try await attempt { () throws(PostgresError) in
      let rows = try await client.query(
        """
        with l as (
          insert into dead_letter as l
            (queue, build, id, stage, asset, routing_key, headers, body, error_code, error, group_name)
          select \(queue), \(build), * from unnest(
            \(letters.map(\.id))::uuid[], \(letters.map(\.stage?.rawValue))::text[],
            \(letters.map(\.asset?.uuid))::uuid[], \(letters.map(\.routingKey))::text[],
            \(letters.map { JSONText(bytes: $0.headers.canonicalBytes) })::jsonb[], \(letters.map(\.body))::bytea[],
            \(failures.map(\.code))::text[], \(failures.map(\.message))::text[], \(groups)::text[])
          on conflict (id) do update set state = 'open', at = now(), settled_at = null where l.state <> 'open'
        )
        insert into dead_letter_seen as s (queue, letter, is_met)
        select \(queue), id, true from unnest(\(letters.map(\.id))::uuid[]) as u (id)
        on conflict (queue, letter) do update set is_met = true where not s.is_met
        returning letter
        """)
      let first = Set(try rows.column("letter", as: UUID.self))
      return letters.filter { first.contains($0.id) }.map { letter in
        OutboxEntry(
          exchange: "", routingKey: queue, messageID: letter.id.description, headers: letter.headers, body: letter.body)
      }
    }
  }

  /// Open letters from before the sweep of which it has met no message, in their order.
  ///
  /// - Returns: nil if there are no more.
  func missing(
    from queue: String, before start: Timestamp, after position: Position?, limit: Int
  ) async throws(SweepError) -> (letters: [OutboxEntry], last: Position)? {
    try await renew(queue)
    var sql: SQL = """
      select id, at, headers, body from dead_letter d
      where queue = \(queue) and state = 'open' and at < \(start)
        and not exists (select from dead_letter_seen s where s.queue = \(queue) and s.letter = d.id)
      """
    if let position { sql += " and (at, id) > (\(position.at), \(position.id))" }
    sql += " order by at, id limit \(Int64(limit))"
    return try await attempt { () throws(PostgresError) in
      let rows = try await client.query(sql)
      var letters: [OutboxEntry] = []
      var last: Position?
      for row in rows {
        letters.append(try Self.entry(row, queue: queue))
        last = Position(at: try row["at", as: Timestamp.self], id: try row["id", as: UUID.self])
      }
      return last.map { (letters, $0) }
    }
  }

  private func renew(_ queue: String) async throws(SweepError) {
    let isHeld = try await attempt { () throws(PostgresError) in
      !(try await client.query(
        """
        update dead_letter_sweep set lease_until = now() + \(lease.milliseconds) * interval '1 millisecond'
        where queue = \(queue) and holder = \(holder) returning queue
        """)).isEmpty
    }
    guard isHeld else { throw .overtaken(queue: queue) }
  }

  private static func entry(_ row: PostgresRow, queue: String) throws(PostgresError) -> OutboxEntry {
    OutboxEntry(
      exchange: "", routingKey: queue, messageID: try row["id", as: UUID.self].description,
      headers: try row.json("headers"), body: try row["body", as: [UInt8].self])
  }

  private func attempt<Value>(
    _ body: () async throws(PostgresError) -> Value
  ) async throws(SweepError) -> Value {
    do throws(PostgresError) { return try await body() } catch { throw .database(error) }
  }
}
