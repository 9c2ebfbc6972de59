internal import Hashing
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Records how runs ended, in the transaction of the connection: locks the assets in the order of their ids, writes
  /// what the token still allows, then reads the assets in a statement of its own, which sees what others committed
  /// before the lock was had. So of two records that complete a join, the second sees both.
  ///
  /// - Parameter effects: more to be written in the same transaction, once the conclusions are.
  static func record(
    _ conclusions: [Conclusion], context: RecordContext, on connection: PostgresTransaction,
    effects: (@Sendable (PostgresTransaction) async throws(PostgresError) -> Void)? = nil
  ) async throws(PostgresError) -> [RecordOutcome] {
    let sorted = conclusions.sorted { ($0.claim.asset, $0.claim.stage) < ($1.claim.asset, $1.claim.stage) }
    let ids = Array(Set(sorted.map(\.claim.asset.uuid)))
    _ = try await connection.query(
      "select from asset where id = any(\(ids)::uuid[]) order by id for no key update")
    var accepted: Set<Int64> = []
    accepted.formUnion(try await finish(sorted, context: context, on: connection))
    accepted.formUnion(try await suspend(sorted, context: context, on: connection))
    accepted.formUnion(try await bury(sorted, context: context, on: connection))
    if accepted.count < sorted.count {
      accepted.formUnion(try await recordedBefore(sorted.map(\.claim), on: connection))
    }
    try await wakeAwaiting(sorted.filter { accepted.contains($0.claim.token) }, on: connection)
    if let effects, !accepted.isEmpty { try await effects(connection) }
    let snapshots = try await snapshots(of: ids, on: connection)
    return conclusions.map {
      RecordOutcome(isAccepted: accepted.contains($0.claim.token), snapshot: snapshots[$0.claim.asset])
    }
  }

  /// The claims that were recorded by a transaction whose commit seemed lost: they still have their token and run no
  /// longer.
  private static func recordedBefore(
    _ claims: [Claim], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64] {
    try await connection.query(
      """
      select r.token from run r
      join unnest(\(claims.map(\.asset.uuid))::uuid[], \(claims.map(\.stage.rawValue))::text[]) as u (asset, stage)
        using (asset, stage)
      where r.token = any(\(claims.map(\.token))::int8[]) and r.state <> 'running'
      """
    ).column("token", as: Int64.self)
  }

  private static func finish(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64] {
    let finished = conclusions.compactMap { conclusion -> (Conclusion, StageOutput, Bool)? in
      guard case .finished(let output, let adopted) = conclusion.ending else { return nil }
      return (conclusion, output, adopted)
    }
    guard !finished.isEmpty else { return [] }
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
        update run r set state = 'done', finished_at = now(), progress = null, error_code = null, error = null
        from u where r.asset = u.asset and r.stage = u.stage and r.token = u.token and r.state = 'running'
        returning u.*, r.inputs, r.definition, r.attempts
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
      select token from d
      """)
    let accepted = Set(try rows.column("token", as: Int64.self))
    try await settle(claims.filter { accepted.contains($0.token) }, on: connection)
    let refused = finished.filter { !accepted.contains($0.0.claim.token) && $0.0.isShared }
    for (conclusion, output, _) in refused { try await keepSpare(output, of: conclusion, on: connection) }
    return Array(accepted)
  }

  /// What long and costly work leaves behind: its windows are part of the result now, its charges are known.
  private static func settle(_ claims: [Claim], on connection: some PostgresQueryable) async throws(PostgresError) {
    guard !claims.isEmpty else { return }
    let ids = claims.map(\.asset.uuid)
    let stages = claims.map(\.stage.rawValue)
    _ = try await connection.query(
      """
      with u as (select * from unnest(\(ids)::uuid[], \(stages)::text[]) as u (asset, stage)),
      w as (delete from run_window x using u where x.asset = u.asset and x.stage = u.stage)
      update charge c set state = 'settled' from u where c.asset = u.asset and c.stage = u.stage and c.state = 'started'
      """)
  }

  /// A result that nobody wants any more was paid for all the same.
  private static func keepSpare(
    _ output: StageOutput, of conclusion: Conclusion, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let claim = conclusion.claim
    _ = try await connection.query(
      """
      insert into spare_result
        (organisation, owner, recipe, kind, fingerprint, value, blob, blob_size, empty_because)
      select organisation, owner, \(claim.recipe.digest.bytes), \(claim.writes.rawValue), \(output.fingerprint.bytes),
        \(JSONText(bytes: output.value.canonicalBytes)), \(output.blob?.digest.bytes), \(output.blob?.size),
        \(output.emptyBecause)
      from asset where id = \(claim.asset.uuid)
      on conflict (organisation, recipe) do nothing
      """)
  }

  private static func suspend(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64] {
    let suspended = conclusions.compactMap { conclusion in Suspension(conclusion) }
    guard !suspended.isEmpty else { return [] }
    let rows = try await connection.query(
      """
      with u as materialized (
        select * from unnest(
          \(suspended.map(\.claim.asset.uuid))::uuid[], \(suspended.map(\.claim.stage.rawValue))::text[],
          \(suspended.map(\.claim.token))::int8[], \(suspended.map(\.milliseconds))::int8[],
          \(suspended.map(\.countsAttempt))::bool[], \(suspended.map(\.awaits))::bytea[],
          \(suspended.map(\.event))::text[], \(suspended.map { $0.failure?.code })::text[],
          \(suspended.map { $0.failure?.message })::text[], \(suspended.map { $0.failure?.detail })::text[],
          \(suspended.map(\.duration))::int8[]
        ) as u (asset, stage, token, wait_ms, counts, awaits, event, code, message, detail, ms)
      ), d as (
        update run r set state = 'parked', due = now() + u.wait_ms * interval '1 millisecond', awaits = u.awaits,
          announced_at = case when u.event in ('continued', 'returned') then now() end,
          attempts = r.attempts - (not u.counts)::int, error_code = u.code, error = u.message
        from u where r.asset = u.asset and r.stage = u.stage and r.token = u.token and r.state = 'running'
        returning u.*, r.attempts
      ), h as (
        insert into history (asset, stage, event, attempt, duration_ms, worker, error_code, error, detail)
        select asset, stage, event, attempts, ms, \(context.worker), code, message, detail from d
      )
      select token from d
      """)
    return try rows.column("token", as: Int64.self)
  }

  private static func bury(
    _ conclusions: [Conclusion], context: RecordContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [Int64] {
    var accepted: [Int64] = []
    for conclusion in conclusions {
      guard case .dead(let failure, let letter) = conclusion.ending else { continue }
      let claim = conclusion.claim
      let rows = try await connection.query(
        """
        with d as (
          update run r set state = 'dead', finished_at = now(), error_code = \(failure.code), error = \(failure.message)
          where r.asset = \(claim.asset.uuid) and r.stage = \(claim.stage.rawValue) and r.token = \(claim.token)
            and r.state = 'running'
          returning r.asset, r.stage, r.attempts
        ), h as (
          insert into history (asset, stage, event, attempt, duration_ms, worker, error_code, error, detail)
          select asset, stage, 'dead', attempts, \(conclusion.duration.milliseconds), \(context.worker),
            \(failure.code), \(failure.message), \(failure.detail) from d
        )
        select attempts from d
        """)
      guard !rows.isEmpty else { continue }
      try await write(
        letter, asset: claim.asset, failure: failure, attempts: conclusion.attempts, context: context, on: connection)
      accepted.append(claim.token)
    }
    return accepted
  }

  /// Those that wait for a shared recipe wait no longer once its run ended, however it ended.
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
      with l as (delete from recipe_lease where token = any(\(ended.map(\.claim.token))::int8[]))
      update run set due = now(), awaits = null where awaits = any(\(recipes)::bytea[]) and state = 'parked'
      """)
  }
}

/// What the process writes beside each record.
struct RecordContext: Sendable {
  let worker: UUID
  let build: String
}

/// A conclusion that leaves the run parked.
private struct Suspension {
  let claim: Claim
  let milliseconds: Int64
  let countsAttempt: Bool
  let awaits: [UInt8]?
  let event: String
  let failure: StageFailure?
  let duration: Int64

  /// How long to wait at most for somebody else's run; its end wakes us earlier.
  private static let longestWait = Duration.seconds(60)

  init?(_ conclusion: Conclusion) {
    claim = conclusion.claim
    duration = conclusion.duration.milliseconds
    switch conclusion.ending {
    case .finished, .dead: return nil
    case .continued: (milliseconds, countsAttempt, awaits, event, failure) = (0, false, nil, "continued", nil)
    case .returned: (milliseconds, countsAttempt, awaits, event, failure) = (0, false, nil, "returned", nil)
    case .parked(let wait, let why, let counts):
      (milliseconds, countsAttempt, awaits, event, failure) = (wait.milliseconds, counts, nil, "parked", why)
    case .awaiting(let why):
      (milliseconds, countsAttempt, awaits, event, failure) = (
        Self.longestWait.milliseconds, false, conclusion.claim.recipe.digest.bytes, "awaiting", why
      )
    }
  }
}
