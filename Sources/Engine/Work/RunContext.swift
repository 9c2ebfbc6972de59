internal import Blobs
internal import FoundationEssentials
internal import Glibc
internal import Hashing
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL
internal import Synchronization

/// What a running stage sees: its inputs, its scratch folder, and the ledger behind windows and charges.
struct RunContext: StageContext {
  let asset: StageAsset
  let definition: StageDefinition
  let scratch: ScratchFolder
  let claim: Claim
  let inputs: [ArtifactKind: StageInput]
  let ledger: Ledger
  let blobs: any BlobStore
  let metrics: EngineMetrics
  let yielding: YieldSignal
  let progress = ProgressThrottle()
  /// Told of the steps between effects.
  let reached: @Sendable (EngineStep) -> Void

  var scratchFolder: String { scratch.path }

  func input(_ kind: ArtifactKind) -> StageInput? { inputs[kind] }

  /// A link in the run's own folder: it stays as long as the run, whatever becomes of the blob.
  func path(of blob: BlobReference) async throws(StageFailure) -> String {
    let place = "\(scratchFolder)/\(blob.digest)"
    guard access(place, F_OK) != 0 else { return place }
    do {
      try await blobs.withFile(try id(of: blob.digest)) { path in
        guard link(path, place) != 0 else { return }
        try FileManager.default.copyItem(atPath: path, toPath: place)
      }
      return place
    } catch {
      throw StageFailure(storing: error)
    }
  }

  func store(file path: String) async throws(StageFailure) -> BlobReference {
    do {
      let blob = try await blobs.write(file: path, for: try owner)
      return BlobReference(digest: blob.id.digest, size: Int64(blob.size))
    } catch {
      throw StageFailure(storing: error)
    }
  }

  private var owner: BlobOwner {
    get throws(StageFailure) {
      guard let owner = BlobOwner(asset.organisation) else {
        throw .permanent("organisation.invalid", "`\(asset.organisation)` cannot be the name of an organisation")
      }
      return owner
    }
  }

  private func id(of digest: SHA256Digest) throws(StageFailure) -> BlobID {
    BlobID(owner: try owner, digest: digest)
  }

  func recordedWindows() async throws(StageFailure) -> [JSON] {
    try await ledgered { () throws(PostgresError) in
      try await ledger.windows(of: claim, organisation: asset.organisation)
    }
  }

  func record(window: JSON, number: Int) async throws(StageFailure) {
    let isOurs = try await ledgered { () throws(PostgresError) in
      try await ledger.record(window: window, number: number, of: claim)
    }
    guard isOurs else {
      throw StageFailure(.interrupted, code: "run.superseded", "another run has taken over from this one")
    }
    reached(.windowed)
  }

  var shouldYield: Bool { yielding.isRaised }

  func report(progress value: Double) {
    if progress.admits() { ledger.report(progress: value, of: claim) }
  }

  func charge(provider: String, units: Double, unit: String) async throws(StageFailure) {
    try await ledgered { () throws(PostgresError) in
      try await ledger.charge(
        provider: provider, units: units, unit: unit, for: claim, organisation: asset.organisation)
    }
    metrics.charged(provider: provider, units: units, unit: unit)
    reached(.charged)
  }

  private func ledgered<Value>(
    _ body: () async throws(PostgresError) -> Value
  ) async throws(StageFailure) -> Value {
    do throws(PostgresError) { return try await body() } catch { throw StageFailure(error) }
  }
}
