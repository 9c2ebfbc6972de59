internal import AMQP
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Announces what a replay has asked for, each to its stage alone, in one transaction: what a crash leaves is
  /// announced again.
  ///
  /// It goes by parts. While the broker confirms one, the one before is noted and the next is read; no more than two
  /// are in memory.
  ///
  /// - Parameters:
  ///   - part: messages that are published at once.
  ///   - publish: publishes and awaits the confirms; answers for each message whether the broker has it.
  /// - Returns: how many were confirmed; 0 also where another process announces them.
  func announceReplay(
    _ id: UUID, part: Int, publish: @escaping @Sendable ([OutgoingMessage]) async -> [Bool]
  ) async throws(PostgresError) -> Int {
    try await transaction { connection throws(PostgresError) in
      guard let head = try await ReplayHead.lock(id, on: connection), head.unannounced > 0 else { return 0 }
      var waiting = try await Self.unannounced(of: head, after: nil, limit: part, on: connection)
      var confirmed: ArraySlice<ReplayMessage> = []
      var count = 0
      var isComplete = waiting.isEmpty
      while !waiting.isEmpty {
        let items = waiting
        async let published = publish(items.map(\.message))
        try await Self.note(confirmed, of: id, on: connection)
        let next = try await Self.unannounced(of: head, after: items.last, limit: part, on: connection)
        let outcomes = await published
        confirmed = items.prefix(outcomes.firstIndex(of: false) ?? items.count)
        count += confirmed.count
        isComplete = confirmed.count == items.count && next.isEmpty
        waiting = confirmed.count == items.count ? next : []
      }
      try await Self.note(confirmed, of: id, on: connection)
      // What has ended before it was announced needs no message any more.
      if isComplete { try await Self.finishAnnouncing(id, on: connection) }
      return count
    }
  }

  private static func unannounced(
    of head: ReplayHead, after last: ReplayMessage?, limit: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [ReplayMessage] {
    let after = last.map { ReplayHead.Bookmark(rank: $0.rank, number: $0.number) } ?? head.announced
    let rows = try await connection.query(
      """
      select i.number, i.rank, i.asset, i.stage, i.kind is not null as is_tracked, i.letter, a.slug, a.media_type,
        a.lifecycle, l.stage as letter_stage, l.routing_key, l.headers, l.body
      from replay_item i left join asset a on a.id = i.asset left join dead_letter l on l.id = i.letter
      where i.replay = \(head.id) and i.outcome is null and (i.rank, i.number) > (\(after.rank), \(after.number))
        and (i.rank, i.number) <= (\(head.requested.rank), \(head.requested.number))
      order by i.rank, i.number limit \(Int64(limit))
      """)
    return try rows.map { row throws(PostgresError) in try ReplayMessage(row, lane: head.lane) }
  }

  /// Moves the bookmark behind what the broker has.
  private static func note(
    _ confirmed: ArraySlice<ReplayMessage>, of replay: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    guard let last = confirmed.last else { return }
    try await note(sent: confirmed.filter { !$0.isTracked }.map(\.number), of: replay, on: connection)
    _ = try await connection.query(
      """
      update replay set announced = announced + \(Int64(confirmed.count)), announced_rank = \(last.rank),
        announced_number = \(last.number) where id = \(replay)
      """)
  }

  private static func finishAnnouncing(
    _ replay: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    _ = try await connection.query(
      """
      update replay set announced = requested, announced_rank = requested_rank, announced_number = requested_number
      where id = \(replay) and announced <> requested
      """)
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
