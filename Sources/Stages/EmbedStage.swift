internal import Hashing
internal import JSON
package import Pipeline
internal import PostgreSQL
package import Providers
package import Search

/// Makes the vectors of an asset's passages, each text once in its organisation.
///
/// Vectors are kept as they come, batch by batch: what was paid for stays paid for, whatever becomes of the run.
package struct EmbedStage: Stage {
  package let declaration: StageDeclaration
  private let model: EmbeddingModel
  private let provider: any EmbeddingProvider
  private let store: EmbeddingStore

  /// The provider's model that the stage's definition takes for granted.
  package static let embeddedModel = "all-MiniLM-L6-v2"
  /// Texts in one request.
  private static let batch = 32

  /// - Parameters:
  ///   - model: where the vectors belong.
  ///   - provider: of vectors of that model's dimension.
  package init(model: EmbeddingModel = .miniLM, provider: any EmbeddingProvider, store: EmbeddingStore) {
    self.model = model
    self.provider = provider
    self.store = store
    declaration = Self.declaration(model: model, provider: provider.model)
  }

  /// What is known of the stage without its tools.
  ///
  /// - Parameter provider: the provider's model.
  package static func declaration(
    model: EmbeddingModel = .miniLM, provider: String = embeddedModel
  ) -> StageDeclaration {
    let reads = Dictionary(uniqueKeysWithValues: MediaType.allCases.map { ($0, [Input.required(.passages)]) })
    return StageDeclaration(
      name: StageName("embed"),
      configuration: provider == embeddedModel ? [:] : ["model": .string(provider)],
      writes: model.artifact, reads: reads,
      policy: StagePolicy(concurrency: 2, deadline: .seconds(15 * 60), cost: .costly))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    guard let passages = try context.value(.passages, as: PassageSet.self)?.passages, !passages.isEmpty else {
      return .finished(.empty(because: context.reasonForEmpty(.passages) ?? "no passages"))
    }
    let texts = Dictionary(passages.map { ($0.digest, $0.text) }) { first, _ in first }
    var missing = try await missing(of: passages.map(\.digest), context)[...]
    let count = missing.count
    while !missing.isEmpty {
      let batch = missing.prefix(Self.batch)
      try await embed(batch.compactMap { digest in texts[digest].map { (digest, $0) } }, context)
      missing = missing.dropFirst(batch.count)
      context.report(progress: 1 - Double(missing.count) / Double(count))
      if context.shouldYield, !missing.isEmpty { return .continued }
    }
    let digests = passages.map(\.digest.description)
    return .finished(StageOutput(value: VectorSet(model: model.name, digests: digests).json))
  }

  private func missing(
    of digests: [SHA256Digest], _ context: any StageContext
  ) async throws(StageFailure) -> [SHA256Digest] {
    do throws(PostgresError) {
      return try await store.missing(of: digests, model: model, organisation: context.asset.organisation)
    } catch {
      throw StageFailure(error)
    }
  }

  private func embed(
    _ texts: [(digest: SHA256Digest, text: String)], _ context: any StageContext
  ) async throws(StageFailure) {
    try context.checkCancellation()
    let vectors = try await context.ask(provider.model, units: Double(texts.count), of: "text") {
      () throws(ProviderFailure) in
      try await provider.embed(texts.map(\.text))
    }
    guard vectors.count == texts.count else {
      throw .permanent(
        "provider.invalid-answer", "expected \(texts.count) vectors of \(provider.model), got \(vectors.count)")
    }
    do throws(EmbeddingStoreError) {
      try await store.save(
        Dictionary(uniqueKeysWithValues: zip(texts.map(\.digest), vectors)), model: model,
        organisation: context.asset.organisation)
    } catch {
      switch error {
      case .invalidVector(let problem): throw .permanent("provider.invalid-answer", problem.description)
      case .database(let error): throw StageFailure(error)
      }
    }
  }
}
