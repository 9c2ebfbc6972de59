import Concurrency
import Engine
import Hashing
import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport

/// A migrated database of a test's own, with a small pipeline over texts.
struct Sample: Sendable {
  let library: Library

  var client: PostgresClient { library.client }

  /// `read` makes `words` of the content, `join` needs them and takes the title, `tell` works where there is no
  /// sidecar, and `paint` serves images alone.
  static let pipeline = pipeline()

  static func pipeline(joinVersion: Int = 1) -> PipelineGraph {
    let words = ArtifactKind(rawValue: "words")
    let joined = ArtifactKind(rawValue: "joined")
    let declarations = [
      StageDeclaration(name: .read, writes: words, reads: [.text: [.required(.source)]]),
      StageDeclaration(
        name: .join, version: joinVersion, writes: joined, reads: [.text: [.required(words), .optional(.title)]]),
      StageDeclaration(
        name: .tell, writes: ArtifactKind(rawValue: "told"),
        reads: [.text: [.required(joined), .onlyWithout(.sidecar)]]),
      StageDeclaration(name: .paint, writes: .labels, reads: [.image: [.required(.source)]]),
    ]
    // Proof: the declarations are the constants above, and a pipeline of theirs is made by every test here.
    do throws(PipelineError) { return try PipelineGraph(declarations) } catch { fatalError("\(error)") }
  }

  static func with(
    pipeline: PipelineGraph = pipeline, _ body: @escaping @Sendable (Sample) async throws -> Void
  ) async throws {
    try await withDatabase { url in
      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
      _ = try await Migrator(client: client).migrate(definitions: pipeline.stages.map(\.definition))
      try await body(Sample(library: Library(client: client, pipeline: pipeline)))
      await client.close()
    }
  }

  /// Hands in a text and opens it for work.
  @discardableResult
  func add(
    _ name: String, title: String = "Title", organisation: String = "default", hasSidecar: Bool = false,
    lifecycle: String = "active"
  ) async throws -> AssetID {
    let id = try AssetID(parsing: name)
    let blob = BlobReference(digest: SHA256Digest(hashing: name), size: 1234)
    _ = try await Intake(client: client).add(
      NewAsset(
        id: id, slug: AssetID.isSlug(name) ? name : nil, organisation: organisation, owner: "ada", mediaType: .text,
        title: title, source: blob, sidecar: hasSidecar ? blob : nil), lane: .live)
    try await client.query("update asset set lifecycle = \(lifecycle) where id = \(id.uuid)")
    return id
  }

  /// What the planner would have the stage run.
  func recipe(_ stage: StageName, of id: AssetID) async throws -> Recipe? {
    let snapshot = try await Ledger.snapshots(of: [id.uuid], on: client)[id]
    let planner = Planner(pipeline: library.pipeline, definitions: Definitions(everywhere: [:]))
    return snapshot.flatMap { planner.plan($0.state).statuses[stage]?.recipe }
  }

  /// Records that a stage did what it should.
  func finish(_ stage: StageName, of id: AssetID, emptyBecause: String? = nil) async throws {
    guard let recipe = try await recipe(stage, of: id), let kind = library.pipeline[stage]?.writes else {
      throw Mistake(description: "`\(stage)` has nothing to do for \(id)")
    }
    try await client.query(
      """
      insert into artifact (asset, kind, fingerprint, inputs, definition, value, empty_because)
      values (\(id.uuid), \(kind.rawValue), \(SHA256Digest(hashing: "\(kind)").bytes), \(recipe.inputs.bytes),
        \(recipe.definition.bytes), '{}', \(emptyBecause))
      on conflict (asset, kind) do update set inputs = excluded.inputs, definition = excluded.definition
      """)
    try await client.query(
      """
      insert into history (asset, stage, event, attempt, duration_ms) values (\(id.uuid), \(stage.rawValue), 'done', 1, 40)
      """)
  }

  /// Writes a run of what the planner wants now.
  func run(
    _ stage: StageName, of id: AssetID, state: String, attempts: Int32 = 1, worker: UUID? = nil,
    due: Timestamp? = nil, errorCode: String? = nil, error: String? = nil, progress: Float? = nil
  ) async throws {
    guard let recipe = try await recipe(stage, of: id) else {
      throw Mistake(description: "`\(stage)` has nothing to do for \(id)")
    }
    try await client.query(
      """
      insert into run (asset, stage, inputs, definition, state, token, attempts, worker, due, error_code, error, progress,
        started_at)
      values (\(id.uuid), \(stage.rawValue), \(recipe.inputs.bytes), \(recipe.definition.bytes), \(state), 1,
        \(attempts), \(worker), \(due), \(errorCode), \(error), \(progress), now())
      """)
  }

  /// Registers a living worker.
  func addWorker(host: String = "here", processID: Int64 = 7) async throws -> UUID {
    let id = UUID.next()
    try await client.query(
      """
      insert into worker (id, host, process_id, build, stages, lease_until)
      values (\(id), \(host), \(processID), '1.0', array['read', 'join'], now() + interval '1 hour')
      """)
    return id
  }

  /// Writes a dead letter.
  @discardableResult
  func bury(
    _ stage: StageName, of id: AssetID?, code: String = "media.truncated", body: String? = nil, at: Timestamp = .now
  ) async throws -> UUID {
    let letter = UUID.next()
    let body =
      body ?? #"{"assetId":"\#(id?.description ?? "x")","mediaType":"text","requestedAt":1,"stage":"\#(stage)"}"#
    try await client.query(
      """
      insert into dead_letter (id, queue, stage, asset, routing_key, headers, body, error_code, error, detail, attempts,
        build, group_name, at)
      values (\(letter), \("\(stage).dead"), \(stage.rawValue), \(id?.uuid), \("text.\(stage)"), '{"traceparent": "00-a"}',
        \(Array(body.utf8)), \(code), 'the file ends early', 'moov atom not found', 5, '1.0', \("\(stage)/\(code)"), \(at))
      """)
    return letter
  }

  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }
}

extension StageName {
  static let read = StageName("read")
  static let join = StageName("join")
  static let tell = StageName("tell")
  static let paint = StageName("paint")
  /// A stage that another build had.
  static let gone = StageName("gone")
}
