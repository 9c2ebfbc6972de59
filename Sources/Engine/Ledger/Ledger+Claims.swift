internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Claims runs, each where nobody alive has it, in the order of their keys: two batches never wait for each other in
  /// a circle. A run whose worker died counts a crash; from the second on only where it ran alone, for its neighbours
  /// are not to blame.
  ///
  /// The statement sees the newest state of a run, but of other tables only what was there when it began: a result that
  /// was recorded while it waited for the run's row is invisible to it. So it does not ask for the result of a run that
  /// was just done.
  ///
  /// A claim whose answer was lost with its connection may be made again: it finds its own token, and has won.
  static func claim(
    _ wishes: [ClaimWish], worker: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [ClaimOutcome] {
    let won = try await win(wishes.map(\.claim), worker: worker, on: connection)
    let stored = try await inputs(of: wishes.filter { won[$0.claim.token] != nil }, on: connection)
    return wishes.map { wish in
      guard let starts = won[wish.claim.token] else { return .held }
      return .won(
        attempts: starts.attempts, crashes: starts.crashes, stored: stored[wish.claim.asset] ?? [:])
    }
  }

  /// - Returns: by token those that were won, with how often they were started and how often their worker died.
  private static func win(
    _ claims: [Claim], worker: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64: (attempts: Int, crashes: Int)] {
    let sorted = claims.sorted { ($0.asset, $0.stage) < ($1.asset, $1.stage) }
    let rows = try await connection.query(
      """
      insert into run as r (asset, stage, inputs, definition, state, token, worker, lane, attempts, started_at)
      select u.asset, u.stage, u.inputs, u.definition, 'running', u.token, \(worker), u.lane, 1, now()
      from unnest(
        \(sorted.map(\.asset.uuid))::uuid[], \(sorted.map(\.stage.rawValue))::text[],
        \(sorted.map(\.recipe.inputs.bytes))::bytea[], \(sorted.map(\.recipe.definition.bytes))::bytea[],
        \(sorted.map(\.token))::int8[], \(sorted.map(\.lane.rawValue))::text[]
      ) as u (asset, stage, inputs, definition, token, lane)
      on conflict (asset, stage) do update set
        inputs = excluded.inputs, definition = excluded.definition, state = 'running', token = excluded.token,
        worker = excluded.worker, lane = excluded.lane, started_at = now(), finished_at = null, due = null,
        announced_at = null, awaits = null, progress = null, error_code = null, error = null,
        attempts = case
          when (r.inputs, r.definition) is distinct from (excluded.inputs, excluded.definition) then 1
          when r.state = 'running' then r.attempts
          else r.attempts + 1 end,
        crashes = case
          when (r.inputs, r.definition) is distinct from (excluded.inputs, excluded.definition) then 0
          when r.state = 'running' and r.token <> excluded.token and (r.alone or r.crashes < \(Int32(AttemptPolicy.crashesBeforeIsolation)))
            then r.crashes + 1
          else r.crashes end,
        alone = false
      where (r.inputs, r.definition) is distinct from (excluded.inputs, excluded.definition)
        or r.state = 'requested'
        or (r.state = 'running' and r.token = excluded.token)
        or (r.state = 'parked' and r.due <= now())
        or (r.state = 'running'
          and not exists (select from worker w where w.id = r.worker and w.lease_until > now()))
        or (r.state = 'done' and r.finished_at < now() - interval '1 minute' and not exists (
          select from artifact f
          where f.asset = r.asset and f.inputs = r.inputs and f.definition = r.definition
            and f.kind = any(\(Array(Set(sorted.map(\.writes.rawValue))))::text[])))
      returning r.token, r.attempts, r.crashes
      """)
    var won: [Int64: (attempts: Int, crashes: Int)] = [:]
    for row in rows {
      won[try row["token", as: Int64.self]] = (
        Int(try row["attempts", as: Int32.self]), Int(try row["crashes", as: Int32.self])
      )
    }
    return won
  }

  /// Notes that a run starts alone, so that a crash from now on is its own.
  ///
  /// - Returns: false if the claim no longer holds the run.
  func isolate(_ claim: Claim) async throws(PostgresError) -> Bool {
    let rows = try await query(
      """
      update run set alone = true
      where asset = \(claim.asset.uuid) and stage = \(claim.stage.rawValue) and token = \(claim.token)
        and state = 'running'
      returning token
      """)
    return !rows.isEmpty
  }

  /// Forgets an idle run whose recipe is not wanted any more, so that nobody announces it again.
  func forget(_ run: RunState, of stage: StageName, for asset: AssetID) async throws(PostgresError) {
    _ = try await query(
      """
      delete from run r
      where asset = \(asset.uuid) and stage = \(stage.rawValue)
        and inputs = \(run.recipe.inputs.bytes) and definition = \(run.recipe.definition.bytes)
        and (state = 'requested' or state = 'parked' and due <= now()
          or state = 'running' and not exists (select from worker w where w.id = r.worker and w.lease_until > now()))
      """)
  }

  /// Has what an asset's back-fill has begun go on in the live lane, because somebody waits for it now.
  func hurry(_ asset: AssetID) async throws(PostgresError) {
    _ = try await query(
      """
      update run set lane = 'live'
      where asset = \(asset.uuid) and lane = 'bulk' and state in ('parked', 'running')
      """)
  }
}
