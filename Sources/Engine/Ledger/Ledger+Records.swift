internal import Hashing
internal import Identifiers
internal import JSON
internal import Pipeline
package import PostgreSQL

extension Ledger {
  /// Records how runs ended, in the transaction of the connection: locks the assets in the order of their ids, writes
  /// what the token still allows, then reads the assets in a statement of its own, which sees what others committed
  /// before the lock was had. So of two records that complete a join, the second sees both.
  ///
  /// - Parameter effects: more to be written in the same transaction, once the conclusions are.
  package static func record(
    _ conclusions: [Conclusion], context: RecordContext, on connection: PostgresTransaction,
    effects: (@Sendable (PostgresTransaction) async throws(PostgresError) -> Void)? = nil
  ) async throws(PostgresError) -> [RecordOutcome] {
    let sorted = conclusions.sorted { ($0.claim.asset, $0.claim.stage) < ($1.claim.asset, $1.claim.stage) }
    let ids = Array(Set(sorted.map(\.claim.asset.uuid)))
    let living = try await lock(ids, on: connection)
    let wanted = sorted.filter { living.contains($0.claim.asset.uuid) }
    if wanted.count < sorted.count {
      try await drop(sorted.filter { !living.contains($0.claim.asset.uuid) }.map(\.claim), on: connection)
    }
    var lanes = try await finish(wanted, context: context, on: connection)
    lanes.merge(try await suspend(wanted, context: context, on: connection)) { $1 }
    let buried = try await bury(wanted, context: context, on: connection)
    lanes.merge(buried) { $1 }
    if lanes.count < wanted.count {
      lanes.merge(try await recordedBefore(wanted.map(\.claim), on: connection)) { $1 }
      try await keepSpares(wanted.filter { lanes[$0.claim.token] == nil }, on: connection)
    }
    try await wakeAwaiting(sorted, on: connection)
    if let effects, !lanes.isEmpty { try await effects(connection) }
    let burials = wanted.filter { buried[$0.claim.token] != nil }.compactMap(\.burial)
    try await write(burials, context: context, on: connection)
    let snapshots = try await snapshots(of: ids, on: connection)
    return conclusions.map { RecordOutcome(lane: lanes[$0.claim.token], snapshot: snapshots[$0.claim.asset]) }
  }

  /// Locks the assets against records, edits and removals until the transaction ends.
  ///
  /// - Returns: those that are not removed.
  private static func lock(_ ids: [UUID], on connection: some PostgresQueryable) async throws(PostgresError) -> Set<
    UUID
  > {
    let rows = try await connection.query(
      """
      select id from asset where id = any(\(ids)::uuid[]) and lifecycle <> 'deleted' order by id for no key update
      """)
    return Set(try rows.column("id", as: UUID.self))
  }

  /// Forgets runs that were claimed just before their asset was removed.
  private static func drop(_ claims: [Claim], on connection: some PostgresQueryable) async throws(PostgresError) {
    _ = try await connection.query(
      """
      delete from run r using unnest(\(claims.map(\.asset.uuid))::uuid[], \(claims.map(\.token))::int8[])
        as u (asset, token)
      where r.asset = u.asset and r.token = u.token
      """)
  }

  /// The claims that were recorded by a transaction whose commit seemed lost: they still have their token and run no
  /// longer.
  private static func recordedBefore(
    _ claims: [Claim], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64: Lane] {
    try await connection.query(
      """
      select r.token, r.lane from run r
      join unnest(\(claims.map(\.asset.uuid))::uuid[], \(claims.map(\.stage.rawValue))::text[]) as u (asset, stage)
        using (asset, stage)
      where r.token = any(\(claims.map(\.token))::int8[]) and r.state <> 'running'
      """
    ).lanes()
  }

  private static func finish(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64: Lane] {
    let finished = conclusions.compactMap { conclusion -> (Conclusion, StageOutput, Bool)? in
      guard case .finished(let output, let adopted) = conclusion.ending else { return nil }
      return (conclusion, output, adopted)
    }
    guard !finished.isEmpty else { return [:] }
    let claims = finished.map(\.0.claim)
    let rows = try await connection.query(
      """
      with u as materialized (
        select * from unnest(
          \(claims.map(\.asset.uuid))::uuid[], \(claims.map(\.stage.rawValue))::text[],
          \(claims.map(\.token))::int8[], \(claims.map(\.writes.rawValue))::text[],
          \(finished.map(\.1.fingerprint.bytes))::bytea[],
          \(finished.map { JSONText(bytes: $0.1.value.canonicalBytes) })::jsonb[],
          \(finished.map { $0.1.blob?.digest.bytes })::bytea[], \(finished.map { $0.1.blob?.size })::int8[],
          \(finished.map(\.1.emptyBecause))::text[],
          \(finished.map { $0.0.isShared ? $0.0.claim.recipe.digest.bytes : nil })::bytea[],
          \(finished.map { $0.2 ? "adopted" : "done" })::text[],
          \(finished.map { $0.0.duration.milliseconds })::int8[]
        ) as u (asset, stage, token, kind, fingerprint, value, blob, blob_size, empty_because, shared_recipe, event, ms)
      ), d as (
        update run r set state = 'done', finished_at = now(), progress = null, error_code = null, error = null,
          fresh_after = null
        from u where r.asset = u.asset and r.stage = u.stage and r.token = u.token and r.state = 'running'
        returning u.*, r.inputs, r.definition, r.attempts, r.lane
      ), f as (
        insert into artifact as x
          (asset, kind, fingerprint, inputs, definition, value, blob, blob_size, empty_because, shared_recipe)
        select asset, kind, fingerprint, inputs, definition, value, blob, blob_size, empty_because, shared_recipe from d
        on conflict (asset, kind) do update set
          fingerprint = excluded.fingerprint, inputs = excluded.inputs, definition = excluded.definition,
          value = excluded.value, blob = excluded.blob, blob_size = excluded.blob_size,
          empty_because = excluded.empty_because, shared_recipe = excluded.shared_recipe, made_at = now()
      ), h as (
        insert into history (asset, stage, event, attempt, duration_ms, worker)
        select asset, stage, event, attempts, ms, \(context.worker) from d
      )
      select token, lane from d
      """)
    let lanes = try rows.lanes()
    let lengthy = finished.filter { $0.0.cost != .quick }.map(\.0.claim)
    try await settle(lengthy.filter { lanes[$0.token] != nil }, on: connection)
    return lanes
  }

  /// What long work leaves behind: its windows are part of the result now.
  private static func settle(_ claims: [Claim], on connection: some PostgresQueryable) async throws(PostgresError) {
    guard !claims.isEmpty else { return }
    let ids = claims.map(\.asset.uuid)
    let stages = claims.map(\.stage.rawValue)
    _ = try await connection.query(
      """
      delete from run_window x using unnest(\(ids)::uuid[], \(stages)::text[]) as u (asset, stage)
      where x.asset = u.asset and x.stage = u.stage
      """)
  }

  /// Results that nobody wants any more were paid for all the same.
  private static func keepSpares(
    _ conclusions: [Conclusion], on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    for conclusion in conclusions where conclusion.isShared {
      guard case .finished(let output, _) = conclusion.ending else { continue }
      let claim = conclusion.claim
      _ = try await connection.query(
        """
        insert into spare_result
          (asset, organisation, owner, recipe, kind, fingerprint, value, blob, blob_size, empty_because)
        select id, organisation, owner, \(claim.recipe.digest.bytes), \(claim.writes.rawValue),
          \(output.fingerprint.bytes), \(JSONText(bytes: output.value.canonicalBytes)), \(output.blob?.digest.bytes),
          \(output.blob?.size), \(output.emptyBecause)
        from asset where id = \(claim.asset.uuid)
        on conflict (organisation, recipe) do nothing
        """)
    }
  }

  private static func suspend(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64: Lane] {
    let suspended = conclusions.compactMap { conclusion in Suspension(conclusion) }
    guard !suspended.isEmpty else { return [:] }
    try await lockLeases(suspended.compactMap(\.awaits), on: connection)
    let rows = try await connection.query(
      """
      with u as materialized (
        select * from unnest(
          \(suspended.map(\.claim.asset.uuid))::uuid[], \(suspended.map(\.claim.stage.rawValue))::text[],
          \(suspended.map(\.claim.token))::int8[], \(suspended.map(\.milliseconds))::int8[],
          \(suspended.map(\.countsAttempt))::bool[], \(suspended.map(\.awaits))::bytea[],
          \(suspended.map(\.event))::text[], \(suspended.map { $0.failure?.code })::text[],
          \(suspended.map { $0.failure?.message })::text[], \(suspended.map { $0.failure?.detail })::text[],
          \(suspended.map(\.duration))::int8[], \(suspended.map(\.trace))::text[]
        ) as u (asset, stage, token, wait_ms, counts, awaits, event, code, message, detail, ms, trace)
      ), d as (
        update run r set state = 'parked', awaits = u.awaits,
          due = case
            when u.awaits is not null and not exists (select from recipe_lease l where l.recipe = u.awaits) then now()
            else now() + u.wait_ms * interval '1 millisecond' end,
          announced_at = case when u.event = 'continued' then now() end,
          attempts = r.attempts - (not u.counts)::int, error_code = u.code, error = u.message,
          trace = u.trace
        from u where r.asset = u.asset and r.stage = u.stage and r.token = u.token and r.state = 'running'
        returning u.*, r.attempts, r.lane
      ), h as (
        insert into history (asset, stage, event, attempt, duration_ms, worker, error_code, error, detail)
        select asset, stage, event, attempts, ms, \(context.worker), code, message, detail from d
      )
      select token, lane from d
      """)
    return try rows.lanes()
  }

  /// Waits for those who are just giving up a lease: who awaits it after that need not wait at all.
  private static func lockLeases(_ recipes: [[UInt8]], on connection: some PostgresQueryable)
    async throws(PostgresError)
  {
    guard !recipes.isEmpty else { return }
    _ = try await connection.query("select from recipe_lease where recipe = any(\(recipes)::bytea[]) for share")
  }

  private static func bury(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64: Lane] {
    let dead = conclusions.compactMap { conclusion -> (claim: Claim, failure: StageFailure, ms: Int64)? in
      guard case .dead(let cause, _) = conclusion.ending else { return nil }
      return (conclusion.claim, cause.storable, conclusion.duration.milliseconds)
    }
    guard !dead.isEmpty else { return [:] }
    return try await connection.query(
      """
      with u as materialized (
        select * from unnest(
          \(dead.map(\.claim.asset.uuid))::uuid[], \(dead.map(\.claim.stage.rawValue))::text[],
          \(dead.map(\.claim.token))::int8[], \(dead.map(\.failure.code))::text[],
          \(dead.map(\.failure.message))::text[], \(dead.map(\.failure.detail))::text[], \(dead.map(\.ms))::int8[]
        ) as u (asset, stage, token, code, message, detail, ms)
      ), d as (
        update run r set state = 'dead', finished_at = now(), error_code = u.code, error = u.message
        from u where r.asset = u.asset and r.stage = u.stage and r.token = u.token and r.state = 'running'
        returning u.*, r.attempts, r.lane
      ), h as (
        insert into history (asset, stage, event, attempt, duration_ms, worker, error_code, error, detail)
        select asset, stage, 'dead', attempts, ms, \(context.worker), code, message, detail from d
      )
      select token, lane from d
      """
    ).lanes()
  }

  /// Those that wait for a shared recipe wait no longer once its run ended, however it ended and wanted or not.
  private static func wakeAwaiting(
    _ conclusions: [Conclusion], on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let ended = conclusions.filter { conclusion in
      if case .awaiting = conclusion.ending { return false }
      return conclusion.isShared
    }
    guard !ended.isEmpty else { return }
    let recipes = ended.map(\.claim.recipe.digest.bytes)
    _ = try await connection.query(
      """
      delete from recipe_lease
      where recipe = any(\(recipes)::bytea[]) and token = any(\(ended.map(\.claim.token))::int8[])
      """)
    // A statement of its own: it sees those whose wait was committed while the lease was still locked by them.
    _ = try await connection.query(
      "update run set due = now(), awaits = null where awaits = any(\(recipes)::bytea[]) and state = 'parked'")
  }
}

extension PostgresRows {
  /// The columns `token` and `lane`: what was accepted, and in which lane it goes on.
  fileprivate func lanes() throws(PostgresError) -> [Int64: Lane] {
    var lanes: [Int64: Lane] = [:]
    for row in self { lanes[try row["token", as: Int64.self]] = try row.word("lane", as: Lane.self) }
    return lanes
  }
}
