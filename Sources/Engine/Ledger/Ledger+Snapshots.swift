internal import Hashing
package import Identifiers
package import Pipeline
package import PostgreSQL

extension Ledger {
  /// Reads assets with everything that plans them, in one statement: that is, at one moment.
  package static func snapshots(
    of ids: [UUID], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [AssetID: AssetSnapshot] {
    let rows = try await connection.query(
      """
      with wanted as (select unnest(\(ids)::uuid[]) as id)
      select 0 as part, a.id as asset, a.media_type as key, null::bytea as fingerprint, null::bytea as inputs,
        null::bytea as definition, a.lifecycle as word, false as flag,
        array[a.organisation, a.owner, a.slug, a.file_name, a.title] as texts, a.labels, a.root, a.offset_ms
      from wanted join asset a using (id)
      union all
      select 1, f.asset, f.kind, f.fingerprint, f.inputs, f.definition, null, f.empty_because is not null,
        null, null, null, null
      from wanted join artifact f on f.asset = wanted.id
      union all
      select 2, p.asset, p.kind, p.fingerprint, null, null, null, false, null, null, null, null
      from wanted join pin p on p.asset = wanted.id
      union all
      select 3, r.asset, r.stage, null, r.inputs, r.definition, r.state,
        case r.state
          when 'running' then exists (select from worker w where w.id = r.worker and w.lease_until > now())
          when 'parked' then r.due <= now()
          else false
        end, null, null, null, null
      from wanted join run r on r.asset = wanted.id
      order by 1
      """)
    var drafts: [UUID: SnapshotDraft] = [:]
    for row in rows {
      let id = try row["asset", as: UUID.self]
      if try row["part", as: Int32.self] == 0 {
        drafts[id] = try SnapshotDraft(row)
      } else {
        try drafts[id]?.add(row)
      }
    }
    return Dictionary(uniqueKeysWithValues: drafts.map { (AssetID($0.key), $0.value.snapshot) })
  }
}

/// A snapshot while its rows come in.
private struct SnapshotDraft {
  private var state: AssetState
  private let asset: StageAsset
  private let owner: String
  private let slug: String?
  private let title: String
  private let labels: [String]

  init(_ row: PostgresRow) throws(PostgresError) {
    let id = AssetID(try row["asset", as: UUID.self])
    let texts = try row["texts", as: [String?].self]
    let mediaType = try row.word("key", as: MediaType.self)
    let organisation = texts[0] ?? ""
    owner = texts[1] ?? ""
    slug = texts[2]
    title = texts[4] ?? ""
    labels = try row["labels", as: [String].self]
    asset = StageAsset(
      id: id, mediaType: mediaType, organisation: organisation, root: AssetID(try row["root", as: UUID.self]),
      offsetMilliseconds: try row["offset_ms", as: Int64?.self], fileName: texts[3])
    state = AssetState(
      id: id, mediaType: mediaType, organisation: organisation,
      lifecycle: try row.word("word", as: AssetState.Lifecycle.self))
    state.give(title: title, labels: labels)
  }

  mutating func add(_ row: PostgresRow) throws(PostgresError) { try state.add(row) }

  var snapshot: AssetSnapshot {
    AssetSnapshot(state: state, asset: asset, owner: owner, slug: slug, title: title, labels: labels)
  }
}
