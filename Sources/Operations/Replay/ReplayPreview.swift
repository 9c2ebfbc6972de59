package import Engine
internal import Hashing
package import Identifiers
package import JSON
package import Pipeline
internal import PostgreSQL

/// What a frozen list would do if it went now.
package struct ReplayPreview: Sendable, Equatable {
  /// What goes to one stage.
  package struct Destination: Sendable, Equatable {
    package let stage: StageName
    /// Runs that would be asked for, or messages sent.
    package var announced = 0
    /// Those of them whose result stands already, and would be adopted.
    package var cached = 0
    /// Those that would be skipped, by reason.
    package var skipped: [ReplayOutcome: Int] = [:]
  }

  package let id: UUID
  package let lane: Lane
  /// In the order of the pipeline.
  package internal(set) var destinations: [Destination]
  /// What the runs are likely to cost; adopted ones cost nothing.
  package internal(set) var expected = ExpectedCost()

  package var announced: Int { destinations.reduce(0) { $0 + $1.announced } }
  package var cached: Int { destinations.reduce(0) { $0 + $1.cached } }
  package var skipped: [ReplayOutcome: Int] {
    destinations.reduce(into: [:]) { $0.merge($1.skipped, uniquingKeysWith: +) }
  }

  /// What one item costs on average, in a unit or in all.
  func unitCost(in unit: String?) -> Double {
    guard announced > 0 else { return 0 }
    let units = expected.units.filter { unit == nil || $0.key.name == unit }.values.reduce(0, +)
    return units / Double(announced)
  }

  /// For programs.
  package var json: JSON {
    [
      "id": .string(id.description), "lane": .string(lane.rawValue), "announced": .count(announced),
      "cached": .count(cached), "skipped": Self.json(skipped), "expected": expected.json,
      "destinations": .array(
        destinations.map {
          [
            "stage": .string($0.stage.rawValue), "lane": .string(lane.rawValue), "announced": .count($0.announced),
            "cached": .count($0.cached), "skipped": Self.json($0.skipped),
          ]
        }),
    ]
  }

  private static func json(_ counts: [ReplayOutcome: Int]) -> JSON {
    .object(Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, JSON.count($0.value)) }))
  }
}

extension ReplayPreview {
  /// Judges every item of a replay as it would be judged if its turn came now.
  static func read(
    _ id: UUID, of request: ReplayRequest, from library: Library, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> ReplayPreview {
    let costly = library.pipeline.stages.filter { $0.policy.cost == .costly }.map(\.name.rawValue)
    let items: SQL = "select i.* from replay_item i where i.replay = \(id) and i.outcome is null"
    let rows = try await connection.query(
      """
      with \(ReplayJudgement(of: id).judged(items)), checked as (
        select stage, verdict, verdict = 'request' and stage = any(\(costly)::text[]) and not p.is_fresh and (
          exists (select from artifact c join asset a on a.id = c.asset and a.lifecycle <> 'deleted'
            where c.shared_recipe = sha256(inputs || definition) and a.organisation = judged.organisation)
          or exists (select from spare_result s
            where s.recipe = sha256(inputs || definition) and s.organisation = judged.organisation)) as is_cached
        from judged cross join p
      )
      select stage, verdict, count(*) as count, count(*) filter (where is_cached) as cached
      from checked group by stage, verdict
      """, timeout: ReplaySelection.timeout)
    let costs = try await RunCost.read(on: connection)
    var found: [StageName: Destination] = [:]
    for row in rows {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      let count = try row.count("count")
      if let outcome = ReplayOutcome(rawValue: try row["verdict", as: String.self]) {
        found[stage, default: Destination(stage: stage)].skipped[outcome] = count
      } else {
        found[stage, default: Destination(stage: stage)].announced += count
        found[stage]?.cached += try row.count("cached")
      }
    }
    let names = [.dispatch] + library.pipeline.stages.map(\.name)
    var preview = ReplayPreview(id: id, lane: request.lane, destinations: names.compactMap { found[$0] })
    for destination in preview.destinations where destination.stage != .dispatch {
      preview.expected.add(
        destination.announced - destination.cached, of: costs[destination.stage] ?? RunCost())
    }
    return preview
  }
}
