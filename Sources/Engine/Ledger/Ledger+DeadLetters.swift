internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Writes the rows of dead letters, and through the outbox their messages: both or neither, and each once. The last
  /// that a transaction writes: it locks the counters of their groups.
  static func write(
    _ burials: [Burial], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    guard !burials.isEmpty else { return }
    let failures = burials.map(\.failure.storable)
    let groups = zip(burials, failures).map { burial, failure in
      DeadLetterGroup(source: burial.letter.stage.rawValue, code: failure.code, message: failure.message).name
    }
    _ = try await connection.query(
      """
      with l as (
        insert into dead_letter
          (id, queue, stage, asset, routing_key, headers, body, error_code, error, detail, attempts, group_name, build)
        select *, \(context.build) from unnest(
          \(burials.map(\.letter.id))::uuid[], \(burials.map { Topology.deadLetterQueue($0.letter.stage) })::text[],
          \(burials.map(\.letter.stage.rawValue))::text[], \(burials.map { $0.asset?.uuid })::uuid[],
          \(burials.map(\.letter.routingKey))::text[],
          \(burials.map { JSONText(bytes: $0.letter.headers.canonicalBytes) })::jsonb[],
          \(burials.map(\.letter.body))::bytea[], \(failures.map(\.code))::text[],
          \(failures.map(\.message))::text[], \(failures.map(\.detail))::text[],
          \(burials.map { Int32($0.attempts) })::int4[], \(groups)::text[])
        on conflict (id) do nothing
        returning id, queue, headers, body
      )
      insert into outbox (id, exchange, routing_key, message_id, headers, body)
      select gen_random_uuid(), '', queue, id::text, headers, body from l
      """)
  }
}
