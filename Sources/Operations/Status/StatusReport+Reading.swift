internal import Engine
internal import Identifiers
internal import Pipeline
package import PostgreSQL

extension StatusReport {
  /// Asks the database. What the broker knows comes from ``BrokerStatus``.
  package static func read(
    from library: Library, broker: BrokerStatus? = nil
  ) async throws(PostgresError) -> StatusReport {
    try await library.client.reading { transaction throws(PostgresError) in
      StatusReport(
        at: try await transaction.now(),
        stages: try await stages(of: library, on: transaction),
        outbox: try await outbox(on: transaction),
        workers: try await workers(on: transaction),
        assets: try await assets(on: transaction),
        pauses: try await StagePauses.current(on: transaction),
        circuits: try await circuits(on: transaction),
        broker: broker)
    }
  }

  private static func stages(
    of library: Library, on connection: PostgresTransaction
  ) async throws(PostgresError) -> [StageRuns] {
    let known = ([.dispatch] + library.pipeline.stages.map(\.name)).map(\.rawValue)
    var stages: [String: StageRuns] = [:]
    let runs = try await connection.query(
      """
      select stage, state, count(*) as count, min(due) as due from (
        select r.stage, r.due, case
          when r.state = 'running'
            and not exists (select from worker w where w.id = r.worker and w.lease_until > now()) then 'orphaned'
          else r.state end as state
        from run r) as r
      group by stage, state
      """)
    for row in runs {
      let stage = try row["stage", as: String.self]
      let condition = try row.word("state", as: RunCondition.self)
      stages[stage, default: StageRuns(stage)].counts[condition] = try row.count("count")
      if condition == .parked { stages[stage]?.nextDue = try row["due", as: Timestamp?.self] }
    }
    let letters = try await connection.query(
      "select coalesce(stage, queue) as stage, count(*) as count from dead_letter where state = 'open' group by 1")
    for row in letters {
      let stage = try row["stage", as: String.self]
      stages[stage, default: StageRuns(stage)].openDeadLetters = try row.count("count")
    }
    let strangers = stages.keys.filter { !known.contains($0) }.sorted()
    return (known + strangers).map { stages[$0] ?? StageRuns($0) }
  }

  private static func outbox(on connection: PostgresTransaction) async throws(PostgresError) -> Outbox {
    let row = try await connection.query(
      """
      select count(*) as count,
        (extract(epoch from now() - min(publish_at) filter (where publish_at <= now())) * 1000)::int8 as age
      from outbox
      """
    ).one()
    return Outbox(
      count: try row.count("count"), oldestAge: try row["age", as: Int64?.self].map { .milliseconds($0) })
  }

  private static func workers(on connection: PostgresTransaction) async throws(PostgresError) -> [Worker] {
    try await connection.query(
      """
      select id, host, process_id, build, stages, started_at from worker where lease_until > now()
      order by host, process_id
      """
    ).map { row throws(PostgresError) in
      Worker(
        id: try row["id", as: UUID.self], host: try row["host", as: String.self],
        processID: try row["process_id", as: Int64.self], build: try row["build", as: String.self],
        stages: try row["stages", as: [String].self], startedAt: try row["started_at", as: Timestamp.self])
    }
  }

  private static func assets(on connection: PostgresTransaction) async throws(PostgresError) -> [AssetCount] {
    try await connection.query(
      "select media_type, lifecycle, count(*) as count from asset group by 1, 2 order by 1, 2"
    ).map { row throws(PostgresError) in
      AssetCount(
        mediaType: try row.word("media_type", as: MediaType.self),
        lifecycle: try row.word("lifecycle", as: AssetState.Lifecycle.self), count: try row.count("count"))
    }
  }
}

extension StatusReport.StageRuns {
  fileprivate init(_ stage: String) {
    self.init(stage: stage, counts: [:], nextDue: nil, openDeadLetters: 0)
  }
}
