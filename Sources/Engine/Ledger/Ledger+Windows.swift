package import JSON
internal import Pipeline
package import PostgreSQL

extension Ledger {
  /// The recorded windows of a claim's recipe from the first on, whichever asset of the organisation they were made for:
  /// who waited for another's run of the same recipe goes on where that has stopped.
  package func windows(of claim: Claim, organisation: String) async throws(PostgresError) -> [JSON] {
    let rows = try await query(
      """
      select distinct on (w.number) w.number, w.value from run_window w join asset a on a.id = w.asset
      where w.recipe = \(claim.recipe.digest.bytes) and w.stage = \(claim.stage.rawValue)
        and a.organisation = \(organisation) and a.lifecycle <> 'deleted'
      order by w.number
      """)
    var windows: [JSON] = []
    for row in rows {
      guard try row["number", as: Int32.self] == windows.count else { break }
      windows.append(try row.json("value"))
    }
    return windows
  }

  /// Records one window, where the claim still holds the run.
  ///
  /// - Returns: false if it does not any more.
  package func record(window: JSON, number: Int, of claim: Claim) async throws(PostgresError) -> Bool {
    let rows = try await query(
      """
      insert into run_window (asset, stage, recipe, number, value)
      select asset, stage, \(claim.recipe.digest.bytes), \(Int32(number)), \(JSONText(bytes: window.canonicalBytes))
      from run
      where asset = \(claim.asset.uuid) and stage = \(claim.stage.rawValue) and token = \(claim.token)
        and state = 'running'
      on conflict (asset, stage, recipe, number) do update set value = excluded.value
      returning number
      """)
    return !rows.isEmpty
  }
}
