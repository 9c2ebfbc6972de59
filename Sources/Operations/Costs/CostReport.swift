package import JSON
package import PostgreSQL

/// What calls to providers have cost.
package struct CostReport: Sendable, Equatable {
  /// What the charges are added up by.
  package enum Grouping: String, Sendable, CaseIterable {
    /// UTC days.
    case day
    case stage
    case provider
    case organisation
  }

  /// One group, in one unit of one provider: units of different kinds do not add up.
  package struct Line: Sendable, Equatable {
    /// The day (`2026-08-06`), stage, provider or organisation.
    package let group: String
    package let provider: String
    package let unit: String
    /// Calls that were answered, or may have been: nobody knows where a worker died, or a connection ended.
    package let calls: Int
    /// Of these, those of which nobody knows.
    package let openCalls: Int
    /// Calls that were not answered, and cost nothing.
    package let failedCalls: Int
    package let units: Double
    /// In the currency of the configured prices; nil where no call had a price.
    package let cost: Double?
  }

  package let grouping: Grouping
  package let since: Timestamp
  /// Sorted by group, provider and unit.
  package let lines: [Line]

  /// All of it; nil where nothing had a price.
  package var cost: Double? {
    let costs = lines.compactMap(\.cost)
    return costs.isEmpty ? nil : costs.reduce(0, +)
  }

  /// Adds up the charges of so long until now.
  package static func read(
    from library: Library, by grouping: Grouping, since time: Duration
  ) async throws(PostgresError) -> CostReport {
    try await library.client.reading { transaction throws(PostgresError) in
      let since = try await transaction.query(
        "select now() - \(Int64(time / .seconds(1))) * interval '1 second' as since"
      ).one()["since", as: Timestamp.self]
      let rows = try await transaction.query(
        """
        select \(grouping.expression) as name, provider, unit,
          count(*) filter (where state <> 'failed') as calls, count(*) filter (where state = 'started') as open,
          count(*) filter (where state = 'failed') as failed,
          coalesce(sum(units) filter (where state <> 'failed'), 0) as units,
          sum(cost) filter (where state <> 'failed') as cost
        from charge where at >= \(since) group by 1, 2, 3 order by 1, 2, 3
        """)
      return CostReport(
        grouping: grouping, since: since,
        lines: try rows.map { row throws(PostgresError) in
          Line(
            group: try row["name", as: String.self], provider: try row["provider", as: String.self],
            unit: try row["unit", as: String.self], calls: try row.count("calls"), openCalls: try row.count("open"),
            failedCalls: try row.count("failed"), units: try row["units", as: Double.self],
            cost: try row["cost", as: Double?.self])
        })
    }
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "by": .string(grouping.rawValue), "since": .time(since), "cost": .number(cost),
      "lines": .array(lines.map(\.json)),
    ]
  }
}

extension CostReport.Grouping {
  fileprivate var expression: SQL {
    switch self {
    case .day: "to_char(at at time zone 'UTC', 'YYYY-MM-DD')"
    case .stage: "stage"
    case .provider: "provider"
    case .organisation: "organisation"
    }
  }
}

extension CostReport.Line {
  fileprivate var json: JSON {
    [
      "group": .string(group), "provider": .string(provider), "unit": .string(unit), "calls": .count(calls),
      "openCalls": .count(openCalls), "failedCalls": .count(failedCalls), "units": .number(units),
      "cost": .number(cost),
    ]
  }
}
