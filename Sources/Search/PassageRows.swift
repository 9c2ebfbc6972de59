internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// The rows of one asset in the tables that search reads, within a transaction.
struct PassageRows {
  let asset: StageAsset
  let model: EmbeddingModel
  let connection: PostgresTransaction

  /// Rows written in one statement: at most about a megabyte of text.
  private static let rowsAtOnce = 256

  /// Those of the full-text configurations that the server has.
  func languages(among names: Set<String>) async throws(PostgresError) -> Set<String> {
    let rows = try await connection.query(
      """
      select cfgname from pg_ts_config
      where cfgname = any(\(names.sorted())::text[]) and pg_ts_config_is_visible(oid)
      """)
    return Set(try rows.column("cfgname", as: String.self))
  }

  /// The asset's rows, in order.
  func stored() async throws(PostgresError) -> [StoredPassage] {
    let rows = try await connection.query(
      """
      select p.id, p.ordinal, p.root, p.modality, p.start_ms, p.end_ms, p.section, p.language::text as language,
        p.digest, exists (select from \(identifier: model.table) v where v.passage = p.id) as has_vector
      from passage p where p.asset = \(asset.id.uuid) order by p.ordinal
      """)
    var stored: [StoredPassage] = []
    stored.reserveCapacity(rows.count)
    for row in rows { stored.append(try StoredPassage(row)) }
    return stored
  }

  func remove(_ ids: [Int64]) async throws(PostgresError) {
    for chunk in ids.chunks(of: Self.rowsAtOnce) {
      try await connection.query("delete from passage where id = any(\(chunk)::int8[])")
    }
  }

  func move(_ moves: [PassageChanges.Move]) async throws(PostgresError) {
    for chunk in moves.chunks(of: Self.rowsAtOnce) {
      try await connection.query(
        """
        update passage set root = \(asset.root.uuid), ordinal = u.ordinal, modality = u.modality,
          start_ms = u.start_ms, end_ms = u.end_ms
        from unnest(\(chunk.map(\.id))::int8[], \(columns(chunk.map(\.place))))
          as u (id, ordinal, modality, start_ms, end_ms)
        where passage.id = u.id
        """)
    }
  }

  /// - Returns: the ids of the new rows.
  func add(_ passages: [WantedPassage]) async throws(PostgresError) -> [Int64] {
    var ids: [Int64] = []
    for chunk in passages.chunks(of: Self.rowsAtOnce) {
      let folded = chunk.map { [$0.place.section, $0.text].compactMap { $0 }.joined(separator: "\n").lowercased() }
      let sections = chunk.map(\.place.section)
      let rows = try await connection.query(
        """
        insert into passage
          (asset, root, text, digest, section, language, words, ordinal, modality, start_ms, end_ms)
        select \(asset.id.uuid), \(asset.root.uuid), u.text, u.digest, u.section, u.language::regconfig,
          to_tsvector(u.language::regconfig, normalize(u.folded, NFKC)), u.ordinal, u.modality, u.start_ms, u.end_ms
        from unnest(\(chunk.map(\.text))::text[], \(folded)::text[], \(chunk.map(\.digest))::bytea[],
            \(sections)::text[], \(chunk.map(\.place.language))::text[], \(columns(chunk.map(\.place))))
          as u (text, folded, digest, section, language, ordinal, modality, start_ms, end_ms)
        returning id
        """)
      ids += try rows.column("id", as: Int64.self)
    }
    return ids
  }

  /// Makes rows searchable by meaning whose text has a vector.
  func link(_ ids: [Int64]) async throws(PostgresError) {
    for chunk in ids.chunks(of: Self.rowsAtOnce) {
      try await connection.query(
        """
        insert into \(identifier: model.table) (passage, organisation, vector)
        select p.id, e.organisation, e.vector from passage p
        join embedding e
          on e.organisation = \(asset.organisation) and e.model = \(model.name) and e.digest = p.digest
        where p.id = any(\(chunk)::int8[])
        """)
    }
  }

  /// The places as arrays for `unnest`: ordinal, modality, start, end.
  private func columns(_ places: [PassagePlace]) -> SQL {
    """
    \(places.map { Int32(clamping: $0.ordinal) })::int4[], \(places.map(\.modality))::text[], \
    \(places.map(\.start))::int8[], \(places.map(\.end))::int8[]
    """
  }
}

extension StoredPassage {
  init(_ row: PostgresRow) throws(PostgresError) {
    id = try row["id", as: Int64.self]
    place = PassagePlace(
      ordinal: Int(try row["ordinal", as: Int32.self]), root: try row["root", as: UUID.self],
      modality: try row["modality", as: String.self], start: try row["start_ms", as: Int64?.self],
      end: try row["end_ms", as: Int64?.self], section: try row["section", as: String?.self],
      language: try row["language", as: String.self])
    digest = try row["digest", as: [UInt8].self]
    hasVector = try row["has_vector", as: Bool.self]
  }
}
