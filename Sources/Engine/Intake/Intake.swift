internal import Hashing
internal import Identifiers
internal import JSON
package import Observability
package import Pipeline
package import PostgreSQL

/// The edge of the pipeline: what people hand in, edit, remove and restore. Each is one transaction, with the message
/// that follows from it in the outbox.
package struct Intake: Sendable {
  private let client: PostgresClient
  private let tracer: Tracer?

  /// - Parameter tracer: takes the spans with which the traces of assets begin; a trace begins without one too.
  package init(client: PostgresClient, tracer: Tracer? = nil) {
    self.client = client
    self.tracer = tracer
  }

  /// What became of an asset that was handed in.
  package enum Outcome: Sendable, Equatable {
    case created
    /// The same content stands under this id already; nothing was written.
    case unchanged
    /// It had been removed, and is there again.
    case restored
  }

  /// Takes an asset in. The same id with the same content is taken once.
  ///
  /// - Throws: ``IntakeError/conflict(_:)`` if the id stands for other content.
  package func add(_ asset: NewAsset, lane: Lane) async throws(IntakeError) -> Outcome {
    try await traced("ingest", asset.id) { connection, trace throws(IntakeError) in
      try await Self.revive(partsOf: asset.id, of: asset.organisation, lane, trace, on: connection)
      let inserted = try await connection.intake(
        """
        insert into asset (id, slug, organisation, owner, media_type, root, title, tags, file_name)
        values (\(asset.id.uuid), \(asset.slug), \(asset.organisation), \(asset.owner), \(asset.mediaType.rawValue),
          \(asset.id.uuid), \(asset.title), \(asset.tags), \(asset.fileName))
        on conflict (id) do update set lifecycle = 'draft', deleted_at = null, erased_at = null, updated_at = now(),
          revision = asset.revision + 1, title = excluded.title, tags = excluded.tags, file_name = excluded.file_name
        where asset.lifecycle = 'deleted' and asset.organisation = excluded.organisation
        returning revision
        """)
      guard let row = inserted.first else { return try await Self.compare(asset, on: connection) }
      try await Self.give(asset.source, as: .source, to: asset, on: connection)
      if let sidecar = asset.sidecar { try await Self.give(sidecar, as: .sidecar, to: asset, on: connection) }
      do throws(PostgresError) {
        try await Self.announce(asset.id, slug: asset.slug, asset.mediaType, .initial, lane, trace, on: connection)
        return try row["revision", as: Int64.self] == 1 ? .created : .restored
      } catch { throw .database(error) }
    }
  }

  private static func compare(
    _ asset: NewAsset, on connection: some PostgresQueryable
  ) async throws(IntakeError) -> Outcome {
    let rows = try await connection.intake(
      "select blob from artifact where asset = \(asset.id.uuid) and kind = 'source' and blob = \(asset.source.digest.bytes)"
    )
    guard !rows.isEmpty else { throw .conflict(asset.id) }
    return .unchanged
  }

  private static func give(
    _ blob: BlobReference, as kind: ArtifactKind, to asset: NewAsset, on connection: some PostgresQueryable
  ) async throws(IntakeError) {
    _ = try await connection.intake(
      """
      insert into artifact (asset, kind, fingerprint, value, blob, blob_size)
      values (\(asset.id.uuid), \(kind.rawValue), \(blob.digest.bytes), '{}', \(blob.digest.bytes), \(blob.size))
      on conflict (asset, kind) do update set fingerprint = excluded.fingerprint, blob = excluded.blob,
        blob_size = excluded.blob_size, made_at = now()
      """)
  }

  /// Changes an asset: a new revision, and one `refresh`.
  ///
  /// - Returns: the new revision.
  /// - Throws: ``IntakeError/unknown(_:)`` if there is no such asset, or a tombstone only.
  package func edit(_ id: AssetID, _ edit: Edit, by person: String) async throws(IntakeError) -> Int64 {
    try await traced("edit", id) { connection, trace throws(IntakeError) in
      let rows = try await connection.intake(
        """
        update asset set revision = revision + 1, updated_at = now(), title = coalesce(\(edit.title), title),
          tags = coalesce(\(edit.tags), tags), labels = coalesce(\(edit.labels), labels)
        where id = \(id.uuid) and lifecycle <> 'deleted' returning revision, slug, media_type
        """)
      guard let row = rows.first else { throw .unknown(id) }
      if edit.unpinsTranscript {
        _ = try await connection.intake("delete from pin where asset = \(id.uuid) and kind = 'transcript'")
      }
      if let transcript = edit.transcript {
        try await Self.pin(transcript.json, as: .transcript, of: id, by: person, on: connection)
      }
      do throws(PostgresError) {
        let mediaType = try row.word("media_type", as: MediaType.self)
        let slug = try row["slug", as: String?.self]
        let revision = try row["revision", as: Int64.self]
        try await Self.announce(id, slug: slug, mediaType, .refresh, .live, trace, on: connection)
        return revision
      } catch { throw .database(error) }
    }
  }

  private static func pin(
    _ value: JSON, as kind: ArtifactKind, of id: AssetID, by person: String, on connection: some PostgresQueryable
  ) async throws(IntakeError) {
    let fingerprint = StageOutput(value: value).fingerprint.bytes
    _ = try await connection.intake(
      """
      insert into pin (asset, kind, fingerprint, value, pinned_by)
      values (\(id.uuid), \(kind.rawValue), \(fingerprint), \(JSONText(bytes: value.canonicalBytes)), \(person))
      on conflict (asset, kind) do update set fingerprint = excluded.fingerprint, value = excluded.value,
        pinned_by = excluded.pinned_by, pinned_at = now()
      """)
  }

  /// Leaves a tombstone: the asset and what belongs to it are found no more, work on them ends, and late messages
  /// change nothing. Until the collector erases it, ``restore(_:)`` undoes this.
  package func remove(_ id: AssetID) async throws(IntakeError) {
    try await transaction { connection throws(IntakeError) in
      // The next statement sees the parts that a record has added while this one waited for it.
      _ = try await connection.intake("select from asset where id = \(id.uuid) for no key update")
      // Without their token nobody can record any more.
      let rows = try await connection.intake(
        """
        with a as (
          update asset set lifecycle = 'deleted', deleted_at = now(), updated_at = now(), revision = revision + 1
          where (id = \(id.uuid) or root = \(id.uuid) and parent is not null) and lifecycle <> 'deleted' returning id
        ), r as (
          delete from run where asset in (select id from a)
        )
        select from a
        """)
      guard !rows.isEmpty else { throw .unknown(id) }
    }
  }

  /// Takes a tombstone back, with what is derived from it and was removed with it.
  ///
  /// - Throws: ``IntakeError/unknown(_:)`` if there is none, or it was erased.
  package func restore(_ id: AssetID) async throws(IntakeError) {
    try await traced("restore", id) { connection, trace throws(IntakeError) in
      try await Self.revive(partsOf: id, of: nil, .live, trace, on: connection)
      let rows = try await connection.intake(
        """
        update asset set lifecycle = 'active', deleted_at = null, updated_at = now(), revision = revision + 1
        where id = \(id.uuid) and lifecycle = 'deleted' and erased_at is null
        returning id, slug, media_type
        """)
      guard !rows.isEmpty else { throw .unknown(id) }
      try await Self.announceRefresh(of: rows, .live, trace, on: connection)
    }
  }

  /// Takes back what was removed together with an asset that is a tombstone still.
  ///
  /// - Parameter organisation: the one that it must belong to; any when nil.
  private static func revive(
    partsOf id: AssetID, of organisation: String?, _ lane: Lane, _ trace: TraceContext,
    on connection: some PostgresQueryable
  ) async throws(IntakeError) {
    let rows = try await connection.intake(
      """
      update asset p set lifecycle = 'active', deleted_at = null, updated_at = now(), revision = p.revision + 1
      from asset r
      where r.id = \(id.uuid) and r.organisation = coalesce(\(organisation), r.organisation)
        and r.lifecycle = 'deleted' and r.erased_at is null and p.root = r.id and p.parent is not null
        and p.lifecycle = 'deleted' and p.erased_at is null and p.deleted_at = r.deleted_at
      returning p.id, p.slug, p.media_type
      """)
    try await announceRefresh(of: rows, lane, trace, on: connection)
  }

  private static func announceRefresh(
    of rows: PostgresRows, _ lane: Lane, _ trace: TraceContext, on connection: some PostgresQueryable
  ) async throws(IntakeError) {
    do throws(PostgresError) {
      for row in rows {
        try await announce(
          AssetID(try row["id", as: UUID.self]), slug: try row["slug", as: String?.self],
          try row.word("media_type", as: MediaType.self), .refresh, lane, trace, on: connection)
      }
    } catch { throw .database(error) }
  }

  private static func announce(
    _ id: AssetID, slug: String?, _ mediaType: MediaType, _ stage: RequestedStage, _ lane: Lane,
    _ trace: TraceContext, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    let message = Message(
      asset: id, slug: slug, mediaType: mediaType, requestedAt: Timestamp.now.millisecondsSince1970, stage: stage)
    try await Ledger.write([OutboxEntry(message, lane: lane, trace: trace.traceparent)], on: connection)
  }

  /// Runs a transaction whose messages begin a trace.
  private func traced<Value>(
    _ name: String, _ id: AssetID, _ body: (PostgresTransaction, TraceContext) async throws(IntakeError) -> Value
  ) async throws(IntakeError) -> Value {
    let (trace, start) = (TraceContext.root(), Span.now)
    let value = try await transaction { connection throws(IntakeError) in try await body(connection, trace) }
    tracer?.record(
      Span(name, .producer, context: trace, start: start, attributes: [("reelmill.asset", "\(id)")]), in: trace)
    return value
  }

  private func transaction<Value>(
    _ body: (PostgresTransaction) async throws(IntakeError) -> Value
  ) async throws(IntakeError) -> Value {
    do throws(PostgresTransactionError<IntakeError>) {
      return try await client.withTransaction(attempts: 5, body)
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw .database(error)
      case .body(let error, _, _): throw error
      }
    }
  }
}

extension PostgresQueryable {
  /// A statement whose failure is an ``IntakeError``.
  fileprivate func intake(_ sql: SQL) async throws(IntakeError) -> PostgresRows {
    do throws(PostgresError) { return try await query(sql) } catch { throw .database(error) }
  }
}
