internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Writes a parent's children as they are now: the same ids for what was there, tombstones for what is gone (unless
  /// a person labelled it), and an entry message for each.
  static func replace(
    children: [ChildAsset], of parent: AssetSnapshot, lane: Lane, trace: String?, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let ids = children.map(\.id.uuid)
    let parentID = parent.asset.id.uuid
    _ = try await connection.query(
      """
      with gone as (
        update asset set lifecycle = 'deleted', deleted_at = now(), updated_at = now()
        where parent = \(parentID) and id <> all(\(ids)::uuid[]) and lifecycle <> 'deleted' and labels = '{}'
        returning id
      )
      delete from run where asset in (select id from gone)
      """)
    guard !children.isEmpty else { return }
    _ = try await connection.query(
      """
      insert into asset (id, organisation, owner, media_type, parent, root, offset_ms, title)
      select u.id, \(parent.asset.organisation), \(parent.owner), u.media_type, \(parentID),
        \(parent.asset.root.uuid), u.offset_ms, u.title
      from unnest(\(ids)::uuid[], \(children.map(\.mediaType.rawValue))::text[],
        \(children.map(\.offsetMilliseconds))::int8[], \(children.map(\.title))::text[])
        as u (id, media_type, offset_ms, title)
      on conflict (id) do update set
        lifecycle = case when asset.lifecycle = 'deleted' then 'active' else asset.lifecycle end, deleted_at = null,
        erased_at = null, title = case when asset.erased_at is null then asset.title else excluded.title end
      """)
    let digests = children.map(\.source.digest.bytes)
    _ = try await connection.query(
      """
      insert into artifact (asset, kind, fingerprint, value, blob, blob_size)
      select u.id, 'source', u.digest, '{}', u.digest, u.size
      from unnest(\(ids)::uuid[], \(digests)::bytea[], \(children.map(\.source.size))::int8[]) as u (id, digest, size)
      on conflict (asset, kind) do nothing
      """)
    let now = Timestamp.now.millisecondsSince1970
    try await write(
      children.map { child in
        OutboxEntry(
          Message(asset: child.id, mediaType: child.mediaType, requestedAt: now, stage: .initial), lane: lane,
          trace: trace)
      }, on: connection)
  }
}
