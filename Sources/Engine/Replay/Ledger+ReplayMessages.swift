internal import AMQP
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Announces what a replay has asked for, each to its stage alone, in one transaction: what a crash leaves is
  /// announced again.
  ///
  /// - Parameter publish: publishes and awaits the confirms; answers for each message whether the broker has it.
  /// - Returns: how many were confirmed; 0 also where another process announces them.
  func announceReplay(
    _ id: UUID, limit: Int, publish: @escaping @Sendable ([OutgoingMessage]) async -> [Bool]
  ) async throws(PostgresError) -> Int {
    try await transaction { connection throws(PostgresError) in
      guard let head = try await ReplayHead.lock(id, on: connection), head.unannounced > 0 else { return 0 }
      let items = try await Self.unannounced(of: head, limit: limit, on: connection)
      let outcomes = items.isEmpty ? [] : await publish(items.map(\.message))
      let confirmed = items.prefix(outcomes.firstIndex(of: false) ?? items.count)
      try await Self.note(sent: confirmed.filter { !$0.isTracked }.map(\.number), of: id, on: connection)
      if let last = confirmed.last {
        _ = try await connection.query(
          """
          update replay set announced = announced + \(Int64(confirmed.count)), announced_rank = \(last.rank),
            announced_number = \(last.number) where id = \(id)
          """)
      }
      if confirmed.count == items.count, items.count < limit {
        // What has ended before it was announced needs no message any more.
        _ = try await connection.query(
          """
          update replay set announced = requested, announced_rank = requested_rank, announced_number = requested_number
          where id = \(id)
          """)
      }
      return confirmed.count
    }
  }

  private static func unannounced(
    of head: ReplayHead, limit: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [ReplayMessage] {
    let rows = try await connection.query(
      """
      select i.number, i.rank, i.asset, i.stage, i.kind is not null as is_tracked, i.letter, a.slug, a.media_type,
        a.lifecycle, l.stage as letter_stage, l.routing_key, l.headers, l.body
      from replay p join replay_item i on i.replay = p.id
      left join asset a on a.id = i.asset left join dead_letter l on l.id = i.letter
      where p.id = \(head.id) and i.outcome is null
        and (i.rank, i.number) > (p.announced_rank, p.announced_number)
        and (i.rank, i.number) <= (p.requested_rank, p.requested_number)
      order by i.rank, i.number limit \(Int64(limit))
      """)
    return try rows.map { row throws(PostgresError) in try ReplayMessage(row, lane: head.lane) }
  }

  /// Messages that ask for no run are done with when the broker has them, and so are the letters that they were.
  private static func note(
    sent numbers: [Int64], of replay: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    guard !numbers.isEmpty else { return }
    _ = try await connection.query(
      """
      with s as (
        update replay_item set outcome = 'sent' where number = any(\(numbers)::int8[]) and letter is not null
        returning letter
      ), l as (
        update dead_letter l set state = 'closed', outcome = 'sent', closed_at = now(), replay = \(replay)
        from s where l.id = s.letter and l.state = 'open'
      )
      update replay set sent = sent + \(Int64(numbers.count)) where id = \(replay)
      """)
  }
}
