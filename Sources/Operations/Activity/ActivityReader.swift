internal import Engine
internal import Identifiers
internal import Pipeline
package import PostgreSQL

/// Takes one sample after the other, and counts what ended between them.
package struct ActivityReader: Sendable {
  private let library: Library
  /// The last row of the history that was counted; nil before the first sample.
  private var counted: Int64?
  private var concluded: [String: Int] = [:]

  package init(_ library: Library) { self.library = library }

  /// Asks the database.
  ///
  /// - Parameter broker: what the broker said just before; nil if it could not be asked.
  package mutating func read(broker: BrokerStatus?) async throws(PostgresError) -> ActivitySample {
    let (library, last) = (library, counted)
    let (answer, ended) = try await library.client.reading { transaction throws(PostgresError) in
      (try await Answer.read(on: transaction), try await Ended.read(after: last, on: transaction))
    }
    counted = ended.last
    concluded.merge(ended.counts) { $0 + $1 }
    return sample(answer, broker)
  }

  private func sample(_ answer: Answer, _ broker: BrokerStatus?) -> ActivitySample {
    let queues = Dictionary(uniqueKeysWithValues: (broker?.stages ?? []).map { ($0.stage, $0) })
    var sample = ActivitySample(
      at: answer.at,
      stages: ([.dispatch] + library.pipeline.stages.map(\.name)).map { name in
        let policy = library.pipeline[name]?.policy
        return ActivitySample.Stage(
          name: name.rawValue, live: queues[name]?.live?.ready, bulk: queues[name]?.bulk?.ready,
          running: answer.running[name.rawValue, default: 0], parked: answer.counts.parked[name.rawValue, default: 0],
          dead: answer.counts.deadLetters[name.rawValue, default: 0],
          // Dispatching is no run.
          concluded: policy == nil ? nil : concluded[name.rawValue, default: 0],
          slots: policy.map { $0.concurrency * answer.takers[name.rawValue, default: 0] })
      })
    sample.runs = answer.runs
    sample.pauses = answer.pauses
    sample.circuits = answer.circuits
    sample.outbox = StatusReport.Outbox(
      count: answer.counts.outbox, oldestAge: answer.counts.outboxAge > 0 ? .seconds(answer.counts.outboxAge) : nil)
    sample.workers = answer.workers
    return sample
  }
}

extension ActivityReader {
  /// What the database says at one moment.
  private struct Answer: Sendable {
    let at: Timestamp
    let counts: LibraryCounts
    var running: [String: Int] = [:]
    /// How many living workers take each stage.
    var takers: [String: Int] = [:]
    let workers: Int
    let runs: [ActivitySample.Run]
    let pauses: [StagePause]
    let circuits: [StatusReport.OpenCircuit]

    static func read(on connection: some PostgresQueryable) async throws(PostgresError) -> Answer {
      var answer = Answer(
        at: try await connection.now(), counts: try await LibraryCounts.read(on: connection),
        workers: try await connection.query("select count(*) as count from worker where lease_until > now()").one()
          .count("count"),
        runs: try await runs(on: connection), pauses: try await StagePauses.current(on: connection),
        circuits: try await StatusReport.circuits(on: connection))
      for row in try await connection.query(
        """
        select r.stage, count(*) as count from run r join worker w on w.id = r.worker
        where r.state = 'running' and w.lease_until > now() group by 1
        """)
      { answer.running[try row["stage", as: String.self]] = try row.count("count") }
      for row in try await connection.query(
        "select unnest(stages) as stage, count(*) as count from worker where lease_until > now() group by 1")
      { answer.takers[try row["stage", as: String.self]] = try row.count("count") }
      return answer
    }

    private static func runs(
      on connection: some PostgresQueryable
    ) async throws(PostgresError) -> [ActivitySample.Run] {
      try await connection.query(
        """
        select r.stage, r.asset, a.title, r.progress::float8 as progress, r.attempts::int8 as attempts,
          w.host || '/' || w.process_id as worker,
          (extract(epoch from now() - coalesce(r.started_at, now())) * 1000)::int8 as ms
        from run r join worker w on w.id = r.worker join asset a on a.id = r.asset
        where r.state = 'running' and w.lease_until > now()
        order by r.started_at, r.asset limit \(Int64(ActivitySample.runLimit))
        """
      ).map { row throws(PostgresError) in
        ActivitySample.Run(
          stage: try row["stage", as: String.self], asset: AssetID(try row["asset", as: UUID.self]),
          title: try row["title", as: String.self], progress: try row["progress", as: Double?.self],
          duration: .milliseconds(try row["ms", as: Int64.self]), attempt: try row.count("attempts"),
          worker: try row["worker", as: String.self])
      }
    }
  }

  /// The runs that ended after a row of the history.
  private struct Ended: Sendable {
    let last: Int64
    let counts: [String: Int]

    static func read(
      after last: Int64?, on connection: some PostgresQueryable
    ) async throws(PostgresError) -> Ended {
      guard let last else {
        let row = try await connection.query("select coalesce(max(id), 0) as last from history").one()
        return Ended(last: try row["last", as: Int64.self], counts: [:])
      }
      var (newest, counts) = (last, [String: Int]())
      for row in try await connection.query(
        """
        select stage, count(duration_ms) as count, max(id) as last from history where id > \(last) group by 1
        """)
      {
        newest = max(newest, try row["last", as: Int64.self])
        counts[try row["stage", as: String.self]] = try row.count("count")
      }
      return Ended(last: newest, counts: counts)
    }
  }
}
