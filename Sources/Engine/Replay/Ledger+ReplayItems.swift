internal import Identifiers
internal import PostgreSQL

/// What is done to many items of a replay at once, each in one statement.
extension Ledger {
  /// Asks for the next items: their runs are marked as requested, each where it is nobody's, so that of two replays only
  /// one gets it. Runs are locked in the order of their keys, as everywhere.
  ///
  /// - Returns: false if there are no more.
  static func request(
    next count: Int, of head: ReplayHead, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Bool {
    let items: SQL = """
      select i.* from replay_item i
      where i.replay = \(head.id) and i.outcome is null
        and (i.rank, i.number) > (\(head.requested.rank), \(head.requested.number))
      order by i.rank, i.number limit \(Int64(count))
      """
    // Only what was lost goes on with its attempts.
    let isFreshStart: SQL =
      "r.state in ('done', 'dead') or (r.inputs, r.definition) is distinct from (excluded.inputs, excluded.definition)"
    return try await connection.query(
      """
      with \(ReplayJudgement(of: head.id).judged(items)), taken as (
        insert into run as r
          (asset, stage, inputs, definition, state, token, lane, announced_at, replay_item, fresh_after)
        select j.asset, j.stage, j.inputs, j.definition, 'requested', 0, p.lane, now(), j.number,
          case when p.is_fresh then p.created_at end
        from judged j, p where j.verdict = 'request' order by j.asset, j.stage
        on conflict (asset, stage) do update set
          inputs = excluded.inputs, definition = excluded.definition, state = 'requested', token = 0, worker = null,
          lane = excluded.lane, finished_at = null, due = null, announced_at = now(), awaits = null, progress = null,
          error_code = null, error = null, alone = false, replay_item = excluded.replay_item,
          fresh_after = excluded.fresh_after,
          attempts = case when \(isFreshStart) then 0 else r.attempts end,
          crashes = case when \(isFreshStart) then 0 else r.crashes end
        where (select \(ReplayJudgement.isIdle(wanted: "excluded")) from p)
        returning r.replay_item as number
      ), decided as materialized (
        select j.*, case when j.verdict = 'request' and t.number is null then 'under-way' else j.verdict end as decision
        from judged j left join taken t on t.number = j.number
      ), noted as (
        insert into history (asset, stage, event, detail)
        select d.asset, d.stage, 'requested', concat_ws(': ', 'replay ' || p.id, p.reason)
        from decided d, p where d.decision = 'request'
      ), salted as (
        -- As if an older definition had made it: its readers keep it until the new one is there.
        update artifact f set definition = sha256(f.definition || convert_to(p.id::text, 'UTF8')), shared_recipe = null
        from decided d, p where p.is_fresh and d.decision = 'request' and f.asset = d.asset and f.kind = d.kind
      ), forgotten as (
        delete from run_window w using decided d, p
        where p.is_fresh and d.decision = 'request' and w.asset = d.asset and w.stage = d.stage
      ), skipped as (
        update replay_item i set outcome = d.decision from decided d
        where i.number = d.number and d.decision not in ('request', 'send')
      ), closed as (
        update dead_letter l set state = 'closed', outcome = 'succeeded', closed_at = now(), replay = p.id
        from decided d, p
        where d.decision = 'up-to-date' and d.letter is not null
          and l.asset = d.asset and l.stage = d.stage and l.state = 'open'
      ), counts as (
        select count(*) as taken, count(*) filter (where decision in ('request', 'send')) as requested from decided
      ), last as (select rank, number from decided order by rank desc, number desc limit 1)
      update replay x set requested = x.requested + c.requested, skipped = x.skipped + c.taken - c.requested,
        requested_rank = l.rank, requested_number = l.number, started_at = coalesce(x.started_at, now()),
        paced_at = greatest(x.paced_at, now() - interval '1 second' * greatest(1, 1 / coalesce(x.rate, 1)))
          + interval '1 second' * (c.requested / coalesce(x.rate, 'infinity'))
      from counts c, last l where x.id = \(head.id)
      """
    ).affectedRows > 0
  }

  /// Counts runs of the replay that have ended, and closes the dead letters that they leave behind: all of the stage's
  /// where it succeeded; all but the newest, which says why, where it was given up again.
  ///
  /// - Returns: how many; `limit` means that there may be more.
  static func settle(
    _ replay: UUID, limit: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Int {
    let rows = try await connection.query(
      """
      with d as materialized (
        select r.asset, r.stage, r.replay_item as number, r.state from run r join replay_item i on i.number = r.replay_item
        where r.replay_item is not null and r.state in ('done', 'dead') and i.replay = \(replay)
        order by r.replay_item limit \(Int64(limit)) for update of r skip locked
      ), u as (
        update run r set replay_item = null from d where r.asset = d.asset and r.stage = d.stage
      ), i as (
        update replay_item i set outcome = case d.state when 'done' then 'succeeded' else 'failed' end
        from d where i.number = d.number
      ), l as (
        update dead_letter l set state = 'closed', closed_at = now(), replay = \(replay),
          outcome = case d.state when 'done' then 'succeeded' else 'failed' end
        from d where l.asset = d.asset and l.stage = d.stage and l.state = 'open' and (d.state = 'done' or l.at < (
          select max(n.at) from dead_letter n where n.asset = d.asset and n.stage = d.stage and n.state = 'open'))
      ), counts as (
        select count(*) filter (where state = 'done') as succeeded, count(*) filter (where state = 'dead') as failed from d
      )
      update replay x set succeeded = x.succeeded + c.succeeded, failed = x.failed + c.failed,
        spent = x.spent + case when x.budget is null then 0 else (
          select coalesce(sum(case x.budget_unit when 'cost' then g.cost else g.units end), 0)
          from charge g join d on g.asset = d.asset and g.stage = d.stage
          where g.at >= x.created_at and g.state <> 'failed'
            and (x.budget_unit is null or x.budget_unit in ('cost', g.unit))) end
      from counts c where x.id = \(replay) and c.succeeded + c.failed > 0
      returning (c.succeeded + c.failed)::int8 as settled
      """)
    guard let row = rows.first else { return 0 }
    let settled = try row["settled", as: Int64.self]
    _ = try await connection.query(
      """
      update replay set unit_cost = greatest(unit_cost, spent / (succeeded + failed))
      where id = \(replay) and budget is not null
      """)
    return Int(settled)
  }

  /// Gives up on announced items whose run is no longer theirs: its recipe was not wanted any more, or its asset was
  /// removed. Only the oldest are looked at: those before them have ended by then.
  ///
  /// - Returns: whether there were any.
  static func drop(
    _ replay: UUID, limit: Int, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Bool {
    try await connection.query(
      """
      with d as materialized (
        select i.number, i.asset, i.stage from replay_item i, replay p
        where p.id = \(replay) and i.replay = p.id and i.outcome is null and i.kind is not null
          and (i.rank, i.number) <= (p.announced_rank, p.announced_number)
        order by i.rank, i.number limit \(Int64(limit))
      ), g as (
        update replay_item i set outcome = 'dropped' from d
        where i.number = d.number and not exists (
          select from run r join asset a on a.id = r.asset
          where r.asset = d.asset and r.stage = d.stage and r.replay_item = d.number and a.lifecycle = 'active')
        returning i.number
      )
      update replay set dropped = dropped + (select count(*) from g)
      where id = \(replay) and exists (select from g)
      """
    ).affectedRows > 0
  }
}
