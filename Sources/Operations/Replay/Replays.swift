internal import Engine
package import Identifiers
internal import JSON
internal import Pipeline
package import PostgreSQL

/// Freezes what is to be announced again, and says how far that is. The workers announce it.
package struct Replays: Sendable {
  private let library: Library

  /// A preview that nobody started is forgotten after this.
  package static let previewLifetime = Duration.seconds(24 * 3600)

  package init(_ library: Library) { self.library = library }

  /// Freezes the list of what the request selects; nothing is announced before ``resume(_:budget:)``.
  ///
  /// - Parameter onPage: told now and then how many items are listed, where that takes a while.
  /// - Throws: ``OperationError`` naming what is wrong with the request.
  package func preview(
    _ request: ReplayRequest, onPage: @Sendable (_ items: Int) -> Void = { _ in }
  ) async throws(OperationError) -> ReplayPreview {
    try request.check(library.pipeline)
    do throws(PostgresError) {
      _ = try await library.client.query(
        """
        delete from replay where state in ('preview', 'selecting')
          and created_at < now() - \(Self.previewLifetime.microseconds) * interval '1 microsecond'
        """, timeout: ReplaySelection.timeout)
      let id = UUID.next()
      let selection = ReplaySelection(library: library, request: request)
      if request.isPlanned {
        try await insert(id, request, on: library.client)
        try await selection.plan(id, onPage: onPage)
      } else {
        try await library.client.committing { transaction throws(PostgresError) in
          try await insert(id, request, on: transaction)
          try await selection.freeze(id, on: transaction)
        }
      }
      return try await frozen(id, request)
    } catch { throw .database(error) }
  }

  /// Freezes the list and starts.
  package func start(
    _ request: ReplayRequest, onPage: @Sendable (_ items: Int) -> Void = { _ in }
  ) async throws(OperationError) -> ReplayPreview {
    let preview = try await preview(request, onPage: onPage)
    try await resume(preview.id)
    return preview
  }

  private func insert(
    _ id: UUID, _ request: ReplayRequest, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let takesDead = request.isFresh || [.dead, .failed, .all].contains(request.selector)
    let idle = request.selector == .lost ? request.idle.microseconds : nil
    _ = try await connection.query(
      """
      insert into replay (id, request, state, lane, is_fresh, takes_dead, lost_after, rate, canary, canary_goal, budget,
        budget_unit, requested_by, reason)
      values (\(id), \(JSONText(bytes: request.json.canonicalBytes)), 'selecting', \(request.lane.rawValue),
        \(request.isFresh), \(takesDead), \(idle) * interval '1 microsecond', \(request.rate),
        \(request.canary.map(Int64.init)), \(Int64(request.canary ?? 0)), \(request.budget?.amount),
        \(request.budget?.unit), \(request.requestedBy), \(request.reason))
      """)
  }

  /// The list is complete: nothing is added to it any more.
  private func frozen(_ id: UUID, _ request: ReplayRequest) async throws(PostgresError) -> ReplayPreview {
    // Without them the server plans for the few items that it saw last.
    try await library.client.query("analyze replay_item", timeout: ReplaySelection.timeout)
    let preview = try await ReplayPreview.read(id, of: request, from: library, on: library.client)
    _ = try await library.client.query(
      """
      update replay set state = 'preview', unit_cost = \(preview.unitCost(in: request.budget?.unit))
      where id = \(id) and state = 'selecting'
      """)
    return preview
  }

  // MARK: Looking

  /// The newest replays first.
  package func list(limit: Int = 20) async throws(PostgresError) -> [ReplayReport] {
    try await library.client.query(
      "select \(ReplayReport.columns) from replay order by created_at desc limit \(Int64(limit))"
    ).map { row throws(PostgresError) in try ReplayReport(row) }
  }

  /// How far a replay is.
  ///
  /// - Throws: ``OperationError/unknownReplay(_:)``, or the database's error.
  package func report(_ id: UUID) async throws(OperationError) -> ReplayReport {
    let report: ReplayReport?
    do throws(PostgresError) {
      let rows = try await library.client.query("select \(ReplayReport.columns) from replay where id = \(id)")
      report = try rows.first.map { row throws(PostgresError) in try ReplayReport(row) }
    } catch { throw .database(error) }
    guard let report else { throw .unknownReplay(id) }
    return report
  }

  /// The same with what a look at all items tells.
  package func details(_ id: UUID) async throws(OperationError) -> ReplayDetails {
    let report = try await report(id)
    do throws(PostgresError) { return try await ReplayDetails.read(report, on: library.client) } catch {
      throw .database(error)
    }
  }

  // MARK: Steering

  /// Announces nothing more until ``resume(_:budget:)``; what was announced goes on.
  package func pause(_ id: UUID, reason: String?) async throws(OperationError) {
    try await steer(
      id, to: "pause",
      "update replay set state = 'paused', state_reason = \(reason) where id = \(id) and state = 'running'")
  }

  /// Announces nothing more for good; what was announced goes on.
  package func cancel(_ id: UUID, reason: String?) async throws(OperationError) {
    try await steer(
      id, to: "cancel",
      """
      update replay set state = 'cancelled', state_reason = \(reason),
        finished_at = case when state in ('selecting', 'preview') then now() end
      where id = \(id) and state in ('selecting', 'preview', 'running', 'paused')
      """)
  }

  /// Starts what was previewed, and goes on with what was paused: a canary that failed is tried with the next items. A
  /// list that was not written to its end is completed first.
  ///
  /// - Parameter budget: the new bound on all charges, in the unit of the old one.
  package func resume(_ id: UUID, budget: Double? = nil) async throws(OperationError) {
    let report = try await report(id)
    if report.state == .selecting, let request = report.request {
      do throws(PostgresError) {
        try await ReplaySelection(library: library, request: request).plan(id) { _ in }
        _ = try await frozen(id, request)
      } catch { throw .database(error) }
    }
    try await steer(
      id, to: "resume",
      """
      update replay set state = 'running', state_reason = null, paced_at = now(), budget = coalesce(\(budget), budget),
        canary_goal = requested + coalesce(canary, 0), succeeded_before = succeeded, failed_before = failed,
        sent_before = sent
      where id = \(id) and state in ('preview', 'paused')
      """)
  }

  private func steer(_ id: UUID, to action: String, _ sql: SQL) async throws(OperationError) {
    let isDone: Bool
    do throws(PostgresError) { isDone = try await library.client.query(sql).affectedRows > 0 } catch {
      throw .database(error)
    }
    guard !isDone else { return }
    throw .wrongReplayState(id, try await report(id).state, action: action)
  }
}
