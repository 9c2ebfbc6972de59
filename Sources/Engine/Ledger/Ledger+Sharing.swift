internal import Hashing
internal import Identifiers
internal import JSON
package import Pipeline
package import PostgreSQL

extension Ledger {
  /// What may happen to a costly recipe.
  package enum Share: Sendable {
    /// Its result is there already.
    case adopted(StageOutput)
    /// It is ours to make.
    case leased
    /// Another living worker makes it.
    case busy
  }

  /// Looks a recipe up where the asset's owner and then the organisation may have it, and leases it otherwise.
  package func share(_ claim: Claim, for snapshot: AssetSnapshot) async throws(PostgresError) -> Share {
    if let output = try await sharedOutput(of: claim, for: snapshot) { return .adopted(output) }
    let recipe = claim.recipe.digest.bytes
    let rows = try await query(
      """
      insert into recipe_lease as l (organisation, recipe, asset, stage, token)
      values (\(snapshot.asset.organisation), \(recipe), \(claim.asset.uuid), \(claim.stage.rawValue), \(claim.token))
      on conflict (organisation, recipe) do update set
        asset = excluded.asset, stage = excluded.stage, token = excluded.token
      where l.token = excluded.token or not exists (select from run r join worker w on w.id = r.worker
        where r.asset = l.asset and r.stage = l.stage and r.token = l.token and r.state = 'running'
          and w.lease_until > now())
      returning token
      """)
    guard !rows.isEmpty else { return .busy }
    // Between the look-up and the lease the previous holder may have recorded.
    if let output = try await sharedOutput(of: claim, for: snapshot) { return .adopted(output) }
    return .leased
  }

  /// What was made for this recipe before; for a run that was asked for afresh, only what was made since.
  private func sharedOutput(
    of claim: Claim, for snapshot: AssetSnapshot
  ) async throws(PostgresError) -> StageOutput? {
    let recipe = claim.recipe.digest.bytes
    let rows = try await query(
      """
      select value, blob, blob_size, empty_because from (
        select f.value, f.blob, f.blob_size, f.empty_because, f.made_at, a.owner
        from artifact f join asset a on a.id = f.asset
        where f.shared_recipe = \(recipe) and a.organisation = \(snapshot.asset.organisation)
          and f.kind = \(claim.writes.rawValue) and a.lifecycle <> 'deleted'
        union all
        select value, blob, blob_size, empty_because, made_at, owner from spare_result
        where recipe = \(recipe) and organisation = \(snapshot.asset.organisation)
      ) as found
      where not exists (
        select from run r where r.asset = \(claim.asset.uuid) and r.stage = \(claim.stage.rawValue)
          and r.token = \(claim.token) and r.fresh_after > found.made_at)
      order by (owner = \(snapshot.owner)) desc limit 1
      """)
    guard let row = rows.first else { return nil }
    return StageOutput(
      value: try row.json("value"), blob: try row.blob(), emptyBecause: try row["empty_because", as: String?.self])
  }
}
