package import Pipeline
internal import PostgreSQL

/// Stops stages and lets them go on. Workers follow within seconds.
package struct StagePauses: Sendable {
  private let library: Library

  package init(_ library: Library) { self.library = library }

  /// Stops a stage; where it is paused already, this one counts.
  ///
  /// - Parameter time: after so long it ends by itself.
  /// - Throws: ``OperationError`` where there is no such stage, or the database cannot do it.
  package func pause(
    _ stage: StageName, for time: Duration, owner: String, reason: String
  ) async throws(OperationError) -> StagePause {
    try check(stage)
    do throws(PostgresError) {
      let row = try await library.client.query(
        """
        insert into stage_pause (stage, owner, reason, until)
        values (\(stage.rawValue), \(owner), \(reason), now() + \(Int64(time / .seconds(1))) * interval '1 second')
        on conflict (stage) do update set
          owner = excluded.owner, reason = excluded.reason, paused_at = now(), until = excluded.until
        returning *
        """
      ).one()
      return try StagePause(row)
    } catch { throw .database(error) }
  }

  /// Lets a stage go on.
  ///
  /// - Returns: the pause that it had; nil if it had none.
  /// - Throws: ``OperationError`` where there is no such stage, or the database cannot do it.
  package func resume(_ stage: StageName) async throws(OperationError) -> StagePause? {
    try check(stage)
    do throws(PostgresError) {
      let rows = try await library.client.query(
        """
        with ended as (delete from stage_pause where stage = \(stage.rawValue) returning *)
        select * from ended where until > now()
        """)
      guard let row = rows.first else { return nil }
      return try StagePause(row)
    } catch { throw .database(error) }
  }

  /// The pauses that are not over.
  static func current(on connection: some PostgresQueryable) async throws(PostgresError) -> [StagePause] {
    try await connection.query("select * from stage_pause where until > now() order by stage").map {
      row throws(PostgresError) in try StagePause(row)
    }
  }

  private func check(_ stage: StageName) throws(OperationError) {
    let known = [.dispatch] + library.pipeline.stages.map(\.name)
    guard known.contains(stage) else { throw .unknownStage(stage, known: known) }
  }
}
