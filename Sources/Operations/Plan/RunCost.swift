package import Pipeline
package import PostgreSQL

/// What one run of a stage is likely to cost, by what runs of it cost lately.
package struct RunCost: Sendable, Equatable {
  /// How much of one unit of a provider one run takes, on average.
  package struct Share: Sendable, Equatable {
    package let provider: String
    package let unit: String
    package let units: Double
  }

  /// The median time of a run; nil where none was recorded.
  package var time: Duration?
  /// What providers count of it, sorted by provider and unit.
  package var shares: [Share]

  package init(time: Duration? = nil, shares: [Share] = []) {
    self.time = time
    self.shares = shares
  }

  /// How many of the latest records are looked at: what a stage cost long ago says little, and the time to look
  /// stays the same however old the library.
  private static let recent: Int64 = 100_000

  /// Learns from the latest history and charges.
  package static func read(
    on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [StageName: RunCost] {
    var costs: [StageName: RunCost] = [:]
    // Long work is recorded in several events: together they are one run.
    let times = try await connection.query(
      """
      select stage, (percentile_cont(0.5) within group (order by ms) * 1000)::int8 as microseconds from (
        select stage, sum(duration_ms)::float8 / count(*) filter (where event = 'done') as ms
        from (select asset, stage, event, duration_ms from history order by id desc limit \(recent)) as h
        where event in ('done', 'continued') and duration_ms is not null
        group by asset, stage having count(*) filter (where event = 'done') > 0
      ) as r group by stage
      """)
    for row in times {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      costs[stage, default: RunCost()].time = .microseconds(try row["microseconds", as: Int64.self])
    }
    let charges = try await connection.query(
      """
      select stage, provider, unit, sum(units) / count(distinct asset) as units
      from (select * from charge where state <> 'failed' order by id desc limit \(recent)) as c
      group by stage, provider, unit order by stage, provider, unit
      """)
    for row in charges {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      costs[stage, default: RunCost()].shares.append(
        Share(
          provider: try row["provider", as: String.self], unit: try row["unit", as: String.self],
          units: try row["units", as: Double.self]))
    }
    return costs
  }
}
