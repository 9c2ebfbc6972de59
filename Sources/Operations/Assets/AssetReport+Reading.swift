internal import Engine
internal import JSON
package import Pipeline
internal import PostgreSQL

extension AssetReport {
  /// Asks the database about one asset.
  ///
  /// - Throws: ``OperationError/unknownAsset(_:)``, or the database's error.
  package static func read(_ id: AssetID, from library: Library) async throws(OperationError) -> AssetReport {
    let report: AssetReport?
    do throws(PostgresError) {
      report = try await library.client.reading { transaction throws(PostgresError) in
        try await read(id, of: library, on: transaction)
      }
    } catch { throw .database(error) }
    guard let report else { throw .unknownAsset(id) }
    return report
  }

  /// - Returns: nil if there is no such asset.
  static func read(
    _ id: AssetID, of library: Library, on connection: PostgresTransaction
  ) async throws(PostgresError) -> AssetReport? {
    guard let card = try await AssetCard.read(id, on: connection),
      let snapshot = try await Ledger.snapshots(of: [id.uuid], on: connection)[id]
    else { return nil }
    let artifacts = try await connection.query(
      """
      select kind, fingerprint, octet_length(value::text)::int8 as value_size, blob_size, empty_because, made_at,
        inputs is null as is_given
      from artifact where asset = \(id.uuid) order by kind
      """
    ).map { row throws(PostgresError) in try ArtifactRecord(row) }
    let pins = try await connection.query("select * from pin where asset = \(id.uuid) order by kind")
      .map { row throws(PostgresError) in try PinRecord(row) }
    let runs = try await runs(of: id, on: connection)
    let explainer = StageExplainer(
      pipeline: library.pipeline, state: snapshot.state, runs: runs, artifacts: artifacts, pins: pins)
    let plan = try await library.planner(on: connection).plan(snapshot.state)
    let stages = library.pipeline.stages.compactMap { stage in
      plan.statuses[stage.name].map { status in
        Stage(
          name: stage.name, condition: StageCondition(status),
          explanation: explainer.explain(stage, status), run: runs[stage.name])
      }
    }
    return AssetReport(
      at: try await connection.now(), asset: card, facts: try await facts(of: id, on: connection),
      given: artifacts.filter(\.isGiven), artifacts: artifacts.filter { !$0.isGiven }, pins: pins,
      childCount: try await childCount(of: id, on: connection), stages: stages)
  }

  private static func runs(
    of id: AssetID, on connection: PostgresTransaction
  ) async throws(PostgresError) -> [StageName: RunRecord] {
    let rows = try await connection.query(
      """
      select r.*, r.awaits is not null as awaits_another, w.host, w.process_id
      from run r left join worker w on w.id = r.worker where r.asset = \(id.uuid)
      """)
    var runs: [StageName: RunRecord] = [:]
    for row in rows {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      runs[stage] = try RunRecord(row)
    }
    return runs
  }

  private static func facts(
    of id: AssetID, on connection: PostgresTransaction
  ) async throws(PostgresError) -> JSON? {
    let rows = try await connection.query(
      "select value from artifact where asset = \(id.uuid) and kind = \(ArtifactKind.facts.rawValue)")
    return try rows.first?.json("value")
  }

  private static func childCount(
    of id: AssetID, on connection: PostgresTransaction
  ) async throws(PostgresError) -> Int {
    try await connection.query(
      "select count(*) as count from asset where parent = \(id.uuid) and lifecycle <> 'deleted'"
    ).one().count("count")
  }
}
