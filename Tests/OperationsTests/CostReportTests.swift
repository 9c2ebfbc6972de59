import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// What calls to providers have cost.
@Suite struct CostReportTests {
  private static func with(_ body: @escaping @Sendable (Sample) async throws -> Void) async throws {
    try await Sample.with { sample in
      try await sample.client.query(
        """
        insert into charge (id, organisation, asset, stage, provider, units, unit, state, cost, at)
        select gen_random_uuid(), organisation, gen_random_uuid(), stage, provider, units, unit, state, cost,
          now() - days * interval '1 day'
        from (values
          ('here', 'read', 'speech', 10.0, 'second', 'settled', 1.0, 0), ('here', 'read', 'speech', 5, 'second', 'started', 0.5, 0),
          ('here', 'read', 'speech', 7, 'second', 'failed', 0.7, 0), ('there', 'join', 'texts', 3, 'text', 'settled', null, 2),
          ('there', 'read', 'speech', 100, 'second', 'settled', 10, 40)
        ) as v (organisation, stage, provider, units, unit, state, cost, days)
        """)
      try await body(sample)
    }
  }

  @Test func `what failed costs nothing, what nobody knows of counts, and what is too old is left out`() async throws {
    try await Self.with { sample in
      let report = try await CostReport.read(from: sample.library, by: .stage, since: .seconds(30 * 24 * 3600))
      #expect(report.lines.map(\.group) == ["join", "read"])
      let read = try #require(report.lines.last)
      #expect((read.calls, read.openCalls, read.failedCalls) == (2, 1, 1))
      #expect(read.units == 15 && read.cost == 1.5)
      #expect(report.lines.first?.cost == nil)
      #expect(report.cost == 1.5)
    }
  }

  @Test(arguments: CostReport.Grouping.allCases)
  func `all ways to add up come to the same`(grouping: CostReport.Grouping) async throws {
    try await Self.with { sample in
      let report = try await CostReport.read(from: sample.library, by: grouping, since: .seconds(90 * 24 * 3600))
      #expect(report.cost == 11.5)
      #expect(report.lines.reduce(0) { $0 + $1.calls } == 4)
      #expect(report.json["lines"]?.array?.count == report.lines.count)
    }
  }

  @Test func `without charges there are no costs`() async throws {
    try await Sample.with { sample in
      let report = try await CostReport.read(from: sample.library, by: .day, since: .seconds(60))
      #expect(report.lines.isEmpty && report.cost == nil)
    }
  }
}
