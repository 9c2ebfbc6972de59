package import Identifiers
package import Pipeline
package import PostgreSQL

extension Ledger {
  /// Reads what plans the active assets of a part of the library, in one statement: that is, at one moment.
  ///
  /// Quicker than ``snapshots(of:on:)`` for many: each table is read along its key, and runs that have ended well are
  /// left out, as they plan like none.
  ///
  /// - Parameters:
  ///   - first: assets after this one, by their ids; from the beginning if nil.
  ///   - last: up to this one, and with it.
  ///   - organisation: whose; everybody's if nil.
  package static func states(
    after first: UUID?, through last: UUID, organisation: String? = nil, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [AssetState] {
    let first = first ?? UUID(high: 0, low: 0)
    let isOurs: SQL = if let organisation { "and organisation = \(organisation)" } else { "" }
    let rows = try await connection.query(
      """
      select 0 as part, id as asset, media_type as key, null::bytea as fingerprint, null::bytea as inputs,
        null::bytea as definition, organisation as word, false as flag, nullif(title, '') as title,
        nullif(labels, '{}') as labels
      from asset where id > \(first) and id <= \(last) and lifecycle = 'active' \(isOurs)
      union all
      select 1, asset, kind, fingerprint, inputs, definition, null, empty_because is not null, null, null
      from artifact where asset > \(first) and asset <= \(last)
      union all
      select 2, asset, kind, fingerprint, null, null, null, false, null, null
      from pin where asset > \(first) and asset <= \(last)
      union all
      select 3, r.asset, r.stage, null, r.inputs, r.definition, r.state,
        case r.state
          when 'running' then exists (select from worker w where w.id = r.worker and w.lease_until > now())
          when 'parked' then r.due <= now()
          else false
        end, null, null
      from run r where r.asset > \(first) and r.asset <= \(last) and r.state <> 'done'
      order by 1
      """)
    var states: [AssetState] = []
    var places: [UUID: Int] = [:]
    for row in rows {
      let id = try row["asset", as: UUID.self]
      if let place = places[id] {
        try states[place].add(row)
      } else if try row["part", as: Int32.self] == 0 {
        places[id] = states.count
        states.append(try AssetState(active: AssetID(id), row))
      }
    }
    return states
  }
}

extension AssetState {
  fileprivate init(active id: AssetID, _ row: PostgresRow) throws(PostgresError) {
    self.init(
      id: id, mediaType: try row.word("key", as: MediaType.self), organisation: try row["word", as: String.self],
      lifecycle: .active)
    give(title: try row["title", as: String?.self] ?? "", labels: try row["labels", as: [String]?.self] ?? [])
  }

  /// What people wrote.
  mutating func give(title: String, labels: [String]) {
    given[.title] = title.isEmpty ? nil : Fingerprint(hashing: title)
    given[.manualLabels] = labels.isEmpty ? nil : Fingerprint(hashing: labels.joined(separator: "\n"))
  }

  /// Adds an artifact (part 1), a pin (2) or a run (3).
  mutating func add(_ row: PostgresRow) throws(PostgresError) {
    let key = try row["key", as: String.self]
    switch try row["part", as: Int32.self] {
    case 1: try add(artifact: ArtifactKind(rawValue: key), row)
    case 2: pins[ArtifactKind(rawValue: key)] = try row.digest("fingerprint")
    default:
      // A stage that this build does not know leaves its run alone.
      guard let stage = StageName(rawValue: key) else { return }
      let recipe = Recipe(inputs: try row.digest("inputs"), definition: try row.digest("definition"))
      runs[stage] = RunState(recipe: recipe, phase: try Self.phase(row))
    }
  }

  private mutating func add(artifact kind: ArtifactKind, _ row: PostgresRow) throws(PostgresError) {
    let fingerprint = try row.digest("fingerprint")
    guard try row["inputs", as: [UInt8]?.self] != nil else {
      given[kind] = fingerprint
      return
    }
    artifacts[kind] = ArtifactState(
      fingerprint: fingerprint,
      recipe: Recipe(inputs: try row.digest("inputs"), definition: try row.digest("definition")),
      isEmpty: try row["flag", as: Bool.self])
  }

  private static func phase(_ row: PostgresRow) throws(PostgresError) -> RunState.Phase {
    let flag = try row["flag", as: Bool.self]
    switch try row["word", as: String.self] {
    case "running": return .running(isAlive: flag)
    case "parked": return .parked(isDue: flag)
    case "requested": return .requested
    case "dead": return .dead
    default: return .done
    }
  }
}
