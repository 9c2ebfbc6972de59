internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Calls to providers, counted for all workers together by the database's clock.
extension Ledger {
  /// Books calls, as many as the limits of their providers allow. A wish whose answer was lost may be made again: what
  /// was booked under its id is granted.
  static func begin(
    _ calls: [ProviderCall], worker: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [CallGrant] {
    var waits: [UUID: Duration] = [:]
    let limited = Dictionary(grouping: calls.filter(\.terms.isLimited), by: \.provider)
    // In the order of their names: two batches never wait for each other in a circle.
    for (provider, wishes) in limited.sorted(by: { $0.key < $1.key }) {
      let room = try await room(of: provider, terms: wishes[0].terms, for: wishes.map(\.id), on: connection)
      let new = wishes.filter { !room.known.contains($0.id) }
      for wish in new.dropFirst(max(0, room.calls)) { waits[wish.id] = room.wait }
      let granted = new.prefix(max(0, room.calls)).map(\.id)
      guard !granted.isEmpty else { continue }
      _ = try await connection.query(
        """
        insert into provider_call (id, provider, worker) select id, \(provider), \(worker)
        from unnest(\(granted)::uuid[]) as u (id)
        """)
    }
    try await book(calls.filter { waits[$0.id] == nil }, on: connection)
    return calls.map { call in waits[call.id].map { .wait($0) } ?? .granted }
  }

  /// What a provider's limits still allow.
  private struct Room {
    let calls: Int
    /// How long until they allow more.
    let wait: Duration
    /// Those of the wishes that were granted before.
    let known: Set<UUID>
  }

  /// How soon to look again where calls in flight leave no room: nobody knows when they end.
  private static let calling = Duration.milliseconds(500)

  private static func room(
    of provider: String, terms: ProviderTerms, for wishes: [UUID], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Room {
    // The row's lock is held until the transaction ends; what follows sees what others have committed before.
    _ = try await connection.query(
      """
      insert into provider_gate (provider, per_minute, in_flight)
      values (\(provider), \(terms.perMinute.map(Int32.init(clamping:))), \(terms.inFlight.map(Int32.init(clamping:))))
      on conflict (provider) do update set per_minute = excluded.per_minute, in_flight = excluded.in_flight
      """)
    _ = try await connection.query(
      """
      delete from provider_call c
      where provider = \(provider) and started_at < clock_timestamp() - interval '1 minute' and (ended_at is not null
        or not exists (select from worker w where w.id = c.worker and w.lease_until > clock_timestamp()))
      """)
    let row = try await connection.query(
      """
      select
        (select count(*) from provider_call
          where provider = \(provider) and started_at > clock_timestamp() - interval '1 minute') as lately,
        (select count(*) from provider_call c where provider = \(provider) and ended_at is null
          and exists (select from worker w where w.id = c.worker and w.lease_until > clock_timestamp())) as flying,
        (select 60000 - (extract(epoch from clock_timestamp() - started_at) * 1000)::int8 from provider_call
          where provider = \(provider) order by started_at desc
          offset \(Int64(max(0, (terms.perMinute ?? 1) - 1))) limit 1) as free_in,
        array(select id from provider_call where id = any(\(wishes)::uuid[])) as known
      """
    ).one()
    let (lately, flying) = (try row["lately", as: Int64.self], try row["flying", as: Int64.self])
    let beginning = terms.perMinute.map { $0 - Int(lately) } ?? .max
    let freeIn = Duration.milliseconds(try row["free_in", as: Int64?.self] ?? 0)
    return Room(
      calls: min(beginning, terms.inFlight.map { $0 - Int(flying) } ?? .max),
      wait: beginning <= 0 ? max(freeIn, .milliseconds(10)) : calling,
      known: Set(try row["known", as: [UUID].self]))
  }

  private static func book(
    _ calls: [ProviderCall], on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    guard !calls.isEmpty else { return }
    _ = try await connection.query(
      """
      insert into charge (id, organisation, asset, stage, provider, units, unit, cost, state)
      select *, 'started' from unnest(
        \(calls.map(\.id))::uuid[], \(calls.map(\.organisation))::text[], \(calls.map(\.asset.uuid))::uuid[],
        \(calls.map(\.stage.rawValue))::text[], \(calls.map(\.provider))::text[], \(calls.map(\.units))::float8[],
        \(calls.map(\.unit))::text[], \(calls.map(\.cost))::float8[])
      on conflict (id) do nothing
      """)
  }

  /// Writes down what became of calls.
  static func end(_ ends: [CallEnd], on connection: some PostgresQueryable) async throws(PostgresError) {
    _ = try await connection.query(
      """
      update charge c set state = u.state
      from unnest(\(ends.map(\.id))::uuid[], \(ends.map(\.outcome.rawValue))::text[]) as u (id, state)
      where c.id = u.id and c.state = 'started'
      """)
    let limited = ends.filter(\.isLimited).map(\.id)
    guard !limited.isEmpty else { return }
    _ = try await connection.query(
      "update provider_call set ended_at = clock_timestamp() where id = any(\(limited)::uuid[])")
  }
}
