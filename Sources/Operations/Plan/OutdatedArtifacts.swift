package import JSON
package import Pipeline
package import PostgreSQL

/// Artifacts that another definition than the active one made: what a new model or a new version leaves behind.
///
/// One GROUP BY over the artifacts, quick however large the library. An artifact whose inputs changed as well is
/// counted too, although it is made again without anybody asking; ``LibraryPlan`` tells them apart.
package struct OutdatedArtifacts: Sendable, Equatable {
  /// How many, by stage; stages with none are left out.
  package let counts: [StageName: Int]
  /// What it is likely to cost to make them again.
  package let expectedCost: ExpectedCost

  /// Asks the database, once.
  package static func read(from library: Library) async throws(PostgresError) -> OutdatedArtifacts {
    try await library.client.reading { transaction throws(PostgresError) in
      let stages = library.pipeline.stages
      let rows = try await transaction.query(
        """
        select w.stage, count(*) as count
        from unnest(
          \(stages.map(\.name.rawValue))::text[], \(stages.map(\.writes.rawValue))::text[],
          \(stages.map(\.definition.digest.bytes))::bytea[]
        ) as w (stage, kind, definition)
        join artifact f on f.kind = w.kind
        join asset a on a.id = f.asset and a.lifecycle = 'active'
        left join definition own on own.organisation = a.organisation and own.stage = w.stage
        left join definition common on common.organisation = '*' and common.stage = w.stage
        where f.definition <> coalesce(own.digest, common.digest, w.definition)
          and not exists (select from pin p where p.asset = f.asset and p.kind = f.kind)
        group by w.stage
        """)
      let costs = try await RunCost.read(on: transaction)
      var counts: [StageName: Int] = [:]
      var expected = ExpectedCost()
      for row in rows {
        guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
        let count = try row.count("count")
        counts[stage] = count
        expected.add(count, of: costs[stage] ?? RunCost())
      }
      return OutdatedArtifacts(counts: counts, expectedCost: expected)
    }
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    let byName = counts.map { ($0.key.rawValue, JSON.count($0.value)) }
    return ["stages": .object(Dictionary(uniqueKeysWithValues: byName)), "expected": expectedCost.json]
  }
}
