internal import Engine
internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension LibraryPlan {
  /// Assets that are in memory at once.
  package static let pageSize = 500

  /// Plans every active asset, page by page.
  ///
  /// The planner itself is asked, not SQL: what is stale follows from what is settled before it, which no GROUP BY
  /// tells; and an answer from the same function that workers obey cannot differ from what they do. Where the
  /// definition alone is in question, ``OutdatedArtifacts`` answers in one query.
  ///
  /// Pages are read one after the other and not in one transaction, which over a large library would keep the
  /// database from clearing up for minutes. So what changes meanwhile is counted before or after its change.
  ///
  /// - Parameter onPage: told after each page how many assets were planned so far.
  /// - Throws: ``OperationError/unknownStage(_:known:)``, or the database's error.
  @concurrent
  package static func read(
    from library: Library, _ filter: Filter = Filter(), onPage: (_ assets: Int) -> Void = { _ in }
  ) async throws(OperationError) -> LibraryPlan {
    let names = library.pipeline.stages.map(\.name)
    if let stage = filter.stage, !names.contains(stage) { throw .unknownStage(stage, known: names) }
    do throws(PostgresError) {
      let planner = try await library.planner(on: library.client)
      let costs = try await RunCost.read(on: library.client)
      let wanted = names.filter { filter.stage == nil || filter.stage == $0 }
      var plan = LibraryPlan(stages: wanted.map { Stage(name: $0, counts: [:], cost: costs[$0] ?? RunCost()) })
      var last: UUID?
      while true {
        let ids = try await page(after: last, filter, on: library.client)
        guard let end = ids.last else { return plan }
        let snapshots = try await Ledger.snapshots(of: ids, on: library.client)
        for snapshot in snapshots.values { plan.add(planner.plan(snapshot.state)) }
        last = end
        onPage(plan.assets)
      }
    } catch { throw .database(error) }
  }

  /// The ids of the next active assets, in their order.
  private static func page(
    after last: UUID?, _ filter: Filter, on client: PostgresClient
  ) async throws(PostgresError) -> [UUID] {
    var sql: SQL = "select id from asset where lifecycle = 'active'"
    if let last { sql += " and id > \(last)" }
    if let organisation = filter.organisation { sql += " and organisation = \(organisation)" }
    sql += " order by id limit \(Int64(pageSize))"
    return try await client.query(sql).column("id", as: UUID.self)
  }

  private mutating func add(_ plan: Plan) {
    // Between the two statements of a page it may have been deleted.
    guard !plan.statuses.isEmpty else { return }
    assets += 1
    for index in stages.indices {
      guard let status = plan.statuses[stages[index].name] else { continue }
      stages[index].counts[StageCondition(status), default: 0] += 1
    }
  }
}
