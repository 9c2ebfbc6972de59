internal import Engine
internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension ReplaySelection {
  /// Assets that are in memory at once.
  private static let pageSize = 500

  /// Asks the planner for asset after asset, page by page; each page is written with the place that it reached, so that
  /// it goes on there after whatever ends this process.
  ///
  /// - Parameter onPage: told after each page how many items are listed so far.
  @concurrent
  func plan(_ replay: UUID, onPage: @Sendable (_ items: Int) -> Void) async throws(PostgresError) {
    let client = library.client
    let planner = try await library.planner(on: client)
    let row = try await client.query("select selected_to from replay where id = \(replay)").one()
    var last = try row["selected_to", as: UUID?.self]
    while true {
      let ids = try await page(after: last)
      guard let end = ids.last else { return }
      let snapshots = try await Ledger.snapshots(of: ids, on: client)
      let items = ids.compactMap { snapshots[AssetID($0)] }.flatMap { Self.items(of: $0.state, planner, self) }
      onPage(try await write(items, of: replay, upTo: end))
      last = end
    }
  }

  private func page(after last: UUID?) async throws(PostgresError) -> [UUID] {
    let lifecycles = request.selector == .lost ? ["active", "draft"] : ["active"]
    var sql: SQL = "select a.id from asset a where a.lifecycle = any(\(lifecycles)::text[]) and \(isChosen)"
    if let last { sql += " and a.id > \(last)" }
    sql += " order by a.id limit \(Int64(Self.pageSize))"
    return try await library.client.query(sql).column("id", as: UUID.self)
  }

  /// One stage of one asset that is to be announced.
  private struct Item {
    let asset: AssetID
    let stage: StageName
    let kind: ArtifactKind?
    let inputs: [UInt8]?
  }

  private static func items(of state: AssetState, _ planner: Planner, _ selection: ReplaySelection) -> [Item] {
    guard state.lifecycle == .active else {
      return [Item(asset: state.id, stage: .dispatch, kind: nil, inputs: nil)]
    }
    let plan = planner.plan(state)
    return selection.chosenStages.compactMap { stage in
      guard let status = plan.statuses[stage.name], selection.wants(status, state.artifacts[stage.writes]) else {
        return nil
      }
      let recipe = status.recipe ?? state.artifacts[stage.writes]?.recipe
      return Item(asset: state.id, stage: stage.name, kind: stage.writes, inputs: recipe?.inputs.bytes)
    }
  }

  private func wants(_ status: StageStatus, _ artifact: ArtifactState?) -> Bool {
    switch (status, request.selector) {
    case (.ready, .missing): artifact == nil
    case (.ready, _), (.outdated, .all), (.dead, .all): true
    case (.upToDate(isPinned: false), .all): request.isFresh
    default: false
    }
  }

  /// - Returns: how many items are listed so far.
  private func write(_ items: [Item], of replay: UUID, upTo last: UUID) async throws(PostgresError) -> Int {
    // A draft or a ready stage counts as lost when nothing has touched the asset for a while.
    let isLost: SQL = """
      greatest(a.updated_at,
        (select max(f.made_at) from artifact f where f.asset = a.id),
        (select max(p.pinned_at) from pin p where p.asset = a.id),
        (select max(greatest(r.started_at, r.finished_at, r.announced_at, r.due)) from run r where r.asset = a.id))
      < now() - \(request.idle.microseconds) * interval '1 microsecond'
      """
    let rows = try await library.client.query(
      """
      with s as (
        insert into replay_item (replay, rank, asset, stage, kind, inputs)
        select \(replay), \(request.order.rank), u.asset, u.stage, u.kind, u.inputs
        from unnest(\(items.map(\.asset.uuid))::uuid[], \(items.map(\.stage.rawValue))::text[],
          \(items.map { $0.kind?.rawValue })::text[], \(items.map(\.inputs))::bytea[])
          with ordinality as u (asset, stage, kind, inputs, place)
        join asset a on a.id = u.asset
        where \(request.selector == .lost ? isLost : "true") order by u.place
        returning 1
      )
      update replay set total = total + (select count(*) from s), selected_to = \(last)
      where id = \(replay) returning total
      """)
    return try rows.one().count("total")
  }
}

extension Duration {
  /// Whole microseconds.
  var microseconds: Int64 { Int64(self / .microseconds(1)) }
}
