internal import Hashing
internal import Identifiers
package import JSON
internal import Pipeline
package import PostgreSQL

extension Ledger {
  /// What runs read at a time: their values may be large.
  private static let inputsAtOnce = 64

  /// Reads what runs work from: a pinned artifact in place of the stage's own.
  static func inputs(
    of wishes: [ClaimWish], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [AssetID: [ArtifactKind: StageInput]] {
    var found: [AssetID: [ArtifactKind: StageInput]] = [:]
    var rest = wishes.filter { !$0.reads.isEmpty }[...]
    while !rest.isEmpty {
      try await read(rest.prefix(inputsAtOnce), into: &found, on: connection)
      rest = rest.dropFirst(inputsAtOnce)
    }
    return found
  }

  private static func read(
    _ wishes: ArraySlice<ClaimWish>, into found: inout [AssetID: [ArtifactKind: StageInput]],
    on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let assets = wishes.flatMap { wish in wish.reads.map { _ in wish.claim.asset.uuid } }
    let kinds = wishes.flatMap { wish in wish.reads.map(\.rawValue) }
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
    for row in rows {
      let kind = ArtifactKind(rawValue: try row["kind", as: String.self])
      found[AssetID(try row["asset", as: UUID.self]), default: [:]][kind] = StageInput(
        fingerprint: try row.digest("fingerprint"), value: try row.json("value"), blob: try row.blob(),
        isEmpty: try row["is_empty", as: Bool.self])
    }
  }
}

extension AssetSnapshot {
  /// What a run works from, out of what is stored and what the asset's own row gives.
  ///
  /// - Returns: nil if an input has changed since the plan was made; plan again.
  func inputs(
    of stage: StageDeclaration, plan: Plan, stored: [ArtifactKind: StageInput]
  ) -> [ArtifactKind: StageInput]? {
    var settled: [ArtifactKind: StageInput] = [:]
    for kind in stage.readable(in: asset.mediaType) {
      guard let fingerprint = plan.settled[kind] ?? nil else { continue }
      guard let input = stored[kind] ?? given(kind), input.fingerprint == fingerprint else { return nil }
      settled[kind] = input
    }
    return settled
  }

  /// What the asset's own row gives.
  private func given(_ kind: ArtifactKind) -> StageInput? {
    guard let fingerprint = state.given[kind] else { return nil }
    switch kind {
    case .title: return StageInput(fingerprint: fingerprint, value: .string(title), blob: nil, isEmpty: false)
    case .manualLabels:
      return StageInput(fingerprint: fingerprint, value: .array(labels.map(JSON.string)), blob: nil, isEmpty: false)
    default: return nil
    }
  }
}

extension StageDeclaration {
  /// What its runs read of an asset of the media type.
  func readable(in mediaType: MediaType) -> [ArtifactKind] {
    (reads[mediaType] ?? []).filter { $0.requirement != .onlyWithout }.map(\.kind)
  }
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
