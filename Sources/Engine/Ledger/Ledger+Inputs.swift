internal import Hashing
internal import Identifiers
package import JSON
package import Pipeline
package import PostgreSQL

extension Ledger {
  /// Reads what a run works from, and makes sure that it is what its recipe names.
  ///
  /// - Returns: nil if an input has changed since the plan was made; plan again.
  package func inputs(
    of stage: StageDeclaration, for snapshot: AssetSnapshot, plan: Plan
  ) async throws(PostgresError) -> [ArtifactKind: StageInput]? {
    let wanted = (stage.reads[snapshot.asset.mediaType] ?? []).filter { $0.requirement != .onlyWithout }.map(\.kind)
    let stored = try await self.inputs(of: InputWish(asset: snapshot.asset.id, kinds: wanted))
    let inputs = given(in: snapshot).merging(stored) { $1 }
    var settled: [ArtifactKind: StageInput] = [:]
    for kind in wanted {
      guard let fingerprint = plan.settled[kind] ?? nil else { continue }
      guard let input = inputs[kind], input.fingerprint == fingerprint else { return nil }
      settled[kind] = input
    }
    return settled
  }

  /// Reads what many runs work from in one statement: a pinned artifact in place of the stage's own.
  static func inputs(
    _ wishes: [InputWish], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [[ArtifactKind: StageInput]] {
    let assets = wishes.flatMap { wish in wish.kinds.map { _ in wish.asset.uuid } }
    let kinds = wishes.flatMap { wish in wish.kinds.map(\.rawValue) }
    let rows = try await connection.query(
      """
      select u.asset, u.kind, coalesce(p.fingerprint, f.fingerprint) as fingerprint, coalesce(p.value, f.value) as value,
        case when p.kind is null then f.blob end as blob, f.blob_size,
        p.kind is null and f.empty_because is not null as is_empty
      from unnest(\(assets)::uuid[], \(kinds)::text[]) as u (asset, kind)
      left join artifact f on f.asset = u.asset and f.kind = u.kind
      left join pin p on p.asset = u.asset and p.kind = u.kind
      where f.kind is not null or p.kind is not null
      """)
    var found: [AssetID: [ArtifactKind: StageInput]] = [:]
    for row in rows {
      let kind = ArtifactKind(rawValue: try row["kind", as: String.self])
      found[AssetID(try row["asset", as: UUID.self]), default: [:]][kind] = StageInput(
        fingerprint: try row.digest("fingerprint"), value: try row.json("value"), blob: try row.blob(),
        isEmpty: try row["is_empty", as: Bool.self])
    }
    return wishes.map { found[$0.asset] ?? [:] }
  }

  /// What the asset's own row gives.
  private func given(in snapshot: AssetSnapshot) -> [ArtifactKind: StageInput] {
    var inputs: [ArtifactKind: StageInput] = [:]
    if let title = snapshot.state.given[.title] {
      inputs[.title] = StageInput(fingerprint: title, value: .string(snapshot.title), blob: nil, isEmpty: false)
    }
    if let labels = snapshot.state.given[.manualLabels] {
      inputs[.manualLabels] = StageInput(
        fingerprint: labels, value: .array(snapshot.labels.map(JSON.string)), blob: nil, isEmpty: false)
    }
    return inputs
  }
}

/// What a run wants to read of its asset.
struct InputWish: Sendable, Hashable {
  let asset: AssetID
  let kinds: [ArtifactKind]
}

extension PostgresRow {
  /// A jsonb column.
  package func json(_ column: String) throws(PostgresError) -> JSON {
    let text = try self[column, as: JSONText.self]
    do { return try JSON(parsing: text.bytes) } catch {
      throw .unexpectedResult(PostgresUnexpectedResult(column: column, expected: "JSON", found: "\(error)"))
    }
  }

  /// The columns `blob` and `blob_size`; nil where the artifact has no content.
  func blob() throws(PostgresError) -> BlobReference? {
    guard try self["blob", as: [UInt8]?.self] != nil else { return nil }
    return BlobReference(digest: try digest("blob"), size: try self["blob_size", as: Int64.self])
  }
}
