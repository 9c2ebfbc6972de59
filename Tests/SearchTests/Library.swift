import Concurrency
import Engine
import Hashing
import Identifiers
import JSON
import Pipeline
import PostgreSQL
import Search
import TestSupport

/// A migrated database with assets, and what puts passages into it and finds them again.
struct Library {
  let client: PostgresClient

  static func with<Value>(
    connections: Int = 4, _ body: (Library) async throws -> Value
  ) async throws -> Value {
    try await withDatabase { url in
      let loop = EventLoop(name: "test-search")
      defer { loop.stop() }
      var limits = PostgresClient.Limits()
      limits.connections = connections
      limits.wait = .seconds(60)
      let client = PostgresClient(try PostgresConfiguration(url: url), limits: limits, on: loop)
      do {
        _ = try await Migrator(client: client).migrate(definitions: [])
        let value = try await body(Library(client: client))
        await client.close()
        return value
      } catch {
        await client.close()
        throw error
      }
    }
  }

  /// Makes an active asset; with a root, a part of it at that offset.
  func asset(
    _ mediaType: MediaType = .video, title: String = "", organisation: String = "studio", in root: StageAsset? = nil,
    at offset: Int64? = nil
  ) async throws -> StageAsset {
    let id = AssetID(UUID.next())
    let asset = StageAsset(
      id: id, mediaType: mediaType, organisation: organisation, root: root?.id ?? id, offsetMilliseconds: offset,
      fileName: nil)
    try await client.query(
      """
      insert into asset (id, organisation, owner, media_type, lifecycle, parent, root, offset_ms, title)
      values (\(id.uuid), \(organisation), 'ada', \(mediaType.rawValue), 'active', \(root?.id.uuid),
        \(asset.root.uuid), \(offset), \(title))
      """)
    return asset
  }

  func set(_ lifecycle: String, of asset: StageAsset) async throws {
    try await client.query("update asset set lifecycle = \(lifecycle) where id = \(asset.id.uuid)")
  }

  /// Keeps the vectors and makes the passages the asset's rows; with nil, its passages are an empty artifact.
  func index(
    _ asset: StageAsset, _ passages: [PassageSet.Passage]?, vectors: [String: [Float]] = [:]
  ) async throws {
    let digests = vectors.map { (SHA256Digest(hashing: $0.key), $0.value) }
    try await EmbeddingStore(database: client).save(
      Dictionary(uniqueKeysWithValues: digests), model: .miniLM, organisation: asset.organisation)
    let output =
      passages.map { StageOutput(value: PassageSet(passages: $0).json) } ?? StageOutput.empty(because: "nothing")
    let input = StageInput(
      fingerprint: output.fingerprint, value: output.value, blob: nil, isEmpty: output.emptyBecause != nil)
    try await client.withTransaction { transaction throws(PostgresError) in
      try await SearchProjection().apply(to: asset, inputs: [.passages: input], on: transaction)
    }
  }

  func search(
    _ text: String, vector: [Float]? = nil, mediaTypes: Set<MediaType> = [], limit: Int = 20,
    organisation: String = "studio", limits: SearchLimits = SearchLimits()
  ) async throws -> SearchResults {
    try await Searcher(database: client, limits: limits).search(
      SearchQuery(text, mediaTypes: mediaTypes, limit: limit), in: organisation, vector: vector)
  }

  /// The texts of the strongest passages of the hits.
  func found(
    _ text: String, vector: [Float]? = nil, mediaTypes: Set<MediaType> = [], organisation: String = "studio"
  ) async throws -> [String] {
    try await search(text, vector: vector, mediaTypes: mediaTypes, organisation: organisation).hits
      .map(\.best.text.text)
  }
}

/// A passage in English, or in another language.
func passage(
  _ text: String, _ modality: PassageSet.Modality = .text, start: Int64? = nil, end: Int64? = nil,
  section: String? = nil, language: String = "english"
) -> PassageSet.Passage {
  PassageSet.Passage(
    modality: modality, text: text, start: start, end: end, section: section, language: language)
}

/// The direction of one thing among 384, leaning towards another: the cosine with the first is `1 - lean` or so.
func direction(_ thing: Int, leaning lean: Float = 0, towards other: Int = 383) -> [Float] {
  var vector = [Float](repeating: 0, count: 384)
  vector[thing] = 1 - lean
  vector[other] += lean
  let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return vector.map { $0 / length }
}
