internal import Engine
internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension LibraryPlan {
  /// Assets of one page.
  package static let pageSize = 2000
  /// Pages that are planned side by side, and in memory at once.
  private static let pagesAtOnce = 3

  /// Plans every active asset, page by page.
  ///
  /// The planner itself is asked, not SQL: what is stale follows from what is settled before it, which no GROUP BY
  /// tells; and an answer from the same function that workers obey cannot differ from what they do. Where the
  /// definition alone is in question, ``OutdatedArtifacts`` answers in one query.
  ///
  /// Each page is read at a moment of its own and not all in one transaction, which over a large library would keep the
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
      let empty = LibraryPlan(stages: wanted.map { Stage(name: $0, counts: [:], cost: costs[$0] ?? RunCost()) })
      return try await read(from: library.client, filter, planner, into: empty, onPage).get()
    } catch { throw .database(error) }
  }

  private static func read(
    from client: PostgresClient, _ filter: Filter, _ planner: Planner, into empty: LibraryPlan,
    _ onPage: (_ assets: Int) -> Void
  ) async -> Result<LibraryPlan, PostgresError> {
    await withTaskGroup(of: Result<LibraryPlan, PostgresError>.self) { group in
      var plan = empty
      var running = 0
      var last: UUID?
      do throws(PostgresError) {
        var end = try await endOfPage(after: nil, filter, on: client)
        while true {
          while running < pagesAtOnce, let through = end {
            let first = last
            group.addTask { await page(after: first, through: through, filter, planner, empty, on: client) }
            running += 1
            last = through
            end = try await endOfPage(after: last, filter, on: client)
          }
          guard let page = await group.next() else { return .success(plan) }
          running -= 1
          plan.add(try page.get())
          onPage(plan.assets)
        }
      } catch {
        group.cancelAll()
        return .failure(error)
      }
    }
  }

  /// Plans the assets between two ids.
  private static func page(
    after first: UUID?, through last: UUID, _ filter: Filter, _ planner: Planner, _ empty: LibraryPlan,
    on client: PostgresClient
  ) async -> Result<LibraryPlan, PostgresError> {
    do throws(PostgresError) {
      var page = empty
      let states = try await Ledger.states(
        after: first, through: last, organisation: filter.organisation, on: client)
      for state in states { page.add(planner.plan(state)) }
      return .success(page)
    } catch { return .failure(error) }
  }

  /// The last id of the next page of active assets; nil if there are no more.
  private static func endOfPage(
    after last: UUID?, _ filter: Filter, on client: PostgresClient
  ) async throws(PostgresError) -> UUID? {
    var chosen: SQL = "select id from asset where lifecycle = 'active'"
    if let last { chosen += " and id > \(last)" }
    if let organisation = filter.organisation { chosen += " and organisation = \(organisation)" }
    chosen += " order by id limit \(Int64(pageSize))"
    let rows = try await client.query("select id from (\(chosen)) as page order by id desc limit 1")
    return try rows.column("id", as: UUID.self).first
  }

  private mutating func add(_ page: LibraryPlan) {
    assets += page.assets
    for index in stages.indices { stages[index].counts.merge(page.stages[index].counts, uniquingKeysWith: +) }
  }

  private mutating func add(_ plan: Plan) {
    assets += 1
    for index in stages.indices {
      guard let status = plan.statuses[stages[index].name] else { continue }
      stages[index].counts[StageCondition(status), default: 0] += 1
    }
  }
}
