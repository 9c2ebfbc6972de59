internal import Operations
internal import Pipeline
internal import PostgreSQL

/// A library as it stands when all its work is done, written by the database itself.
struct GeneratedLibrary {
  let library: Library

  /// The stage that fails where an asset has a dead letter.
  static let failing = IdleStage.served[0]

  private static let patience = Duration.seconds(3600)

  init(client: PostgresClient, pipeline: PipelineGraph) {
    library = Library(client: client, pipeline: pipeline)
  }

  /// Writes texts with everything that the pipeline makes of them.
  func write(assets: Int) async throws(PostgresError) {
    try await run(
      """
      insert into asset (id, organisation, owner, media_type, lifecycle, root, title)
      select id, 'default', 'ada', 'text', 'active', id, 'Text ' || n
      from (select uuid_at(now() + n * interval '1 millisecond') as id, n from generate_series(1, \(Int64(assets))) as n) as ids
      """)
    try await run(
      """
      insert into artifact (asset, kind, fingerprint, value)
      select id, 'source', sha256(convert_to(id::text, 'UTF8')), '{}' from asset order by id
      """)
    var kind = ArtifactKind.source
    for stage in library.pipeline.stages {
      try await run(
        """
        insert into artifact (asset, kind, fingerprint, inputs, definition, value)
        select asset, \(stage.writes.rawValue), sha256(fingerprint),
          sha256(convert_to(kind || '=' || encode(fingerprint, 'hex') || E'\\n', 'UTF8')),
          \(stage.definition.digest.bytes), '{}'
        from artifact where kind = \(kind.rawValue) order by asset
        """)
      try await run(
        """
        insert into run (asset, stage, inputs, definition, state, token, attempts, started_at, finished_at)
        select asset, \(stage.name.rawValue), inputs, definition, 'done', 1, 1, now(), now()
        from artifact where kind = \(stage.writes.rawValue) order by asset
        """)
      kind = stage.writes
    }
    try await run("vacuum (analyze) asset, artifact, run")
  }

  /// Makes the first of the assets fail, with a dead letter each.
  func writeDeadLetters(_ count: Int) async throws(PostgresError) {
    let stage = Self.failing.rawValue
    let chosen: SQL = "(select id from asset order by id limit \(Int64(count)))"
    try await run("delete from artifact where kind = \(stage + "-result") and asset in \(chosen)")
    try await run("update run set state = 'dead' where stage = \(stage) and asset in \(chosen)")
    try await run(
      """
      insert into dead_letter (id, queue, stage, asset, routing_key, headers, body, error_code, error, attempts, build,
        group_name)
      select uuid_at(now() + row_number() over () * interval '1 millisecond'), \(stage + ".dead"), \(stage), id,
        \("text." + stage), '{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}',
        convert_to(json_build_object(
          'assetId', id, 'mediaType', 'text', 'requestedAt', 1, 'stage', \(stage)::text)::text, 'UTF8'),
        'broken', 'it is broken', 5, 'benchmark', \(stage + "/broken")
      from \(chosen) as chosen
      """)
    try await run("vacuum (analyze) artifact, run, dead_letter")
  }

  private func run(_ sql: SQL) async throws(PostgresError) {
    _ = try await library.client.query(sql, timeout: Self.patience)
  }
}
