internal import Engine
internal import Hashing
internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Writes the list of a replay: on the server in one statement where that can tell, asset by asset where only the
/// planner can.
struct ReplaySelection: Sendable {
  let library: Library
  let request: ReplayRequest

  /// Lists of a million items take a while.
  static let timeout = Duration.seconds(3600)

  /// Writes the whole list in the transaction of the connection.
  func freeze(_ replay: UUID, on connection: some PostgresQueryable) async throws(PostgresError) {
    let items: SQL =
      switch request.selector {
      case .dead: letters
      case .failed: failed
      case .outdated: outdated
      case .stale, .missing, .lost, .all: everything
      }
    try await connection.query(
      """
      with s as (
        insert into replay_item (replay, rank, asset, stage, kind, inputs, letter)
        select \(replay), rank, asset, stage, kind, inputs, letter from (\(items)) s
        returning 1
      )
      update replay set total = (select count(*) from s) where id = \(replay)
      """, timeout: Self.timeout)
  }

  /// The newest open letter of each asset and stage: all of them are about one run.
  private var letters: SQL {
    var condition: SQL = ""
    if !request.letters.ids.isEmpty { condition += " and l.id = any(\(request.letters.ids)::uuid[])" }
    if let group = request.letters.group { condition += " and l.group_name = \(group)" }
    if let code = request.letters.errorCode { condition += " and l.error_code = \(code)" }
    if let since = request.letters.since { condition += " and l.at >= \(since)" }
    if !request.assets.isEmpty { condition += " and \(isChosen)" }
    let names = (request.stages.isEmpty ? [.dispatch] + library.pipeline.stages.map(\.name) : request.stages)
    let isKnown: SQL =
      request.stages.isEmpty
      ? "(l.stage is null or l.stage = any(\(names.map(\.rawValue))::text[]))"
      : "l.stage = any(\(names.map(\.rawValue))::text[])"
    return """
      select * from (
        select distinct on (coalesce(l.asset, l.id), l.stage) \(request.order.rank) as rank, l.asset,
          coalesce(l.stage, 'dispatch') as stage, case when r.asset is not null then w.kind end as kind, r.inputs,
          l.id as letter, l.at
        from dead_letter l left join asset a on a.id = l.asset
        left join run r on r.asset = l.asset and r.stage = l.stage
        left join \(stages) on w.stage = l.stage
        where l.state = 'open' and \(isKnown)\(condition)
        order by coalesce(l.asset, l.id), l.stage, l.at desc
      ) s order by rank, at
      """
  }

  private var failed: SQL {
    """
    select \(request.order.rank) as rank, r.asset, r.stage, w.kind, r.inputs, null::uuid as letter
    from run r join asset a on a.id = r.asset and a.lifecycle = 'active' join \(stages) on w.stage = r.stage
    where r.state = 'dead' and \(isChosen) order by rank, r.finished_at
    """
  }

  /// What the artifact was made from is read again when its turn comes.
  private var outdated: SQL {
    """
    select \(request.order.rank) as rank, f.asset, w.stage, w.kind, null::bytea as inputs, null::uuid as letter
    from \(stages) join artifact f on f.kind = w.kind
    join asset a on a.id = f.asset and a.lifecycle = 'active'
    left join definition own on own.organisation = a.organisation and own.stage = w.stage
    left join definition common on common.organisation = '*' and common.stage = w.stage
    where f.definition <> coalesce(own.digest, common.digest) and \(isChosen)
      and not exists (select from pin p where p.asset = f.asset and p.kind = f.kind)
      and not exists (
        select from run r where r.asset = f.asset and r.stage = w.stage and r.state = 'dead' and r.inputs = f.inputs
          and r.definition = coalesce(own.digest, common.digest))
    order by rank
    """
  }

  private var everything: SQL {
    """
    select \(request.order.rank) as rank, a.id as asset, 'dispatch' as stage, null::text as kind, null::bytea as inputs,
      null::uuid as letter
    from asset a where a.lifecycle <> 'deleted' and \(isChosen) order by rank, a.created_at
    """
  }

  /// The stages that are asked for, with what they write, as `w`.
  private var stages: SQL {
    let stages = chosenStages
    return """
      unnest(\(stages.map(\.name.rawValue))::text[], \(stages.map(\.writes.rawValue))::text[]) as w (stage, kind)
      """
  }

  var chosenStages: [StageDeclaration] {
    library.pipeline.stages.filter { request.stages.isEmpty || request.stages.contains($0.name) }
  }

  /// Whether the asset `a` is asked for.
  var isChosen: SQL {
    guard !request.assets.isEmpty else { return "true" }
    let ids = request.assets.map(\.uuid)
    return "(a.id = any(\(ids)::uuid[]) or a.root = any(\(ids)::uuid[]))"
  }
}
