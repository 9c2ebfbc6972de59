internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Writes a dead letter's row, and through the outbox its message: both or neither, and each once.
  static func write(
    _ letter: DeadLetter, asset: AssetID?, failure: StageFailure, attempts: Int, context: RecordContext,
    on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let failure = failure.storable
    let headers = JSONText(bytes: letter.headers.canonicalBytes)
    _ = try await connection.query(
      """
      with l as (
        insert into dead_letter
          (id, queue, stage, asset, routing_key, headers, body, error_code, error, detail, attempts, build)
        values (\(letter.id), \(Topology.deadLetterQueue(letter.stage)), \(letter.stage.rawValue), \(asset?.uuid),
          \(letter.routingKey), \(headers), \(letter.body), \(failure.code), \(failure.message), \(failure.detail),
          \(Int32(attempts)), \(context.build))
        on conflict (id) do nothing
        returning id, queue, headers, body
      )
      insert into outbox (id, exchange, routing_key, message_id, headers, body)
      select \(UUID.next()), '', queue, id::text, headers, body from l
      """)
  }
}
