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
  let cost: StagePolicy.Cost
  let scratch: ScratchFolder
  let claim: Claim
  let inputs: [ArtifactKind: StageInput]
  let ledger: Ledger
  let blobs: any BlobStore
  let metrics: EngineMetrics
  let yielding: YieldSignal
  let circuits: Circuits
  /// What is agreed with providers, by their names.
  let terms: [String: ProviderTerms]
  let progress = ProgressThrottle()
  /// Told of the steps between effects.
  let reached: @Sendable (EngineStep) -> Void

  var scratchFolder: String { scratch.path }

  func input(_ kind: ArtifactKind) -> StageInput? { inputs[kind] }

  /// A link in the run's own folder: it stays as long as the run, whatever becomes of the blob.
  func path(of blob: BlobReference) async throws(StageFailure) -> String {
    let place = "\(scratchFolder)/\(blob.digest)"
    guard access(place, F_OK) != 0 else { return place }
    return try await stored { () throws(StageFailure) in
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
  }

  func store(file path: String) async throws(StageFailure) -> BlobReference {
    try await stored { () throws(StageFailure) in
      do {
        let blob = try await blobs.write(file: path, for: try owner)
        return BlobReference(digest: blob.id.digest, size: Int64(blob.size))
      } catch {
        throw StageFailure(storing: error)
      }
    }
  }

  private func stored<Value>(_ body: () async throws(StageFailure) -> Value) async throws(StageFailure) -> Value {
    try await circuits.call(Circuits.blobs, for: claim.stage, body)
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
    guard cost != .quick else {
      throw .permanent(
        "stage.quick", "`\(claim.stage)` is declared quick and records windows; declare it heavy or costly")
    }
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

  func ask<Answer: Sendable>(
    _ provider: String, units: Double, of unit: String, _ call: () async throws(StageFailure) -> Answer
  ) async throws(StageFailure) -> Answer {
    let booking = ProviderCall(
      provider: provider, units: units, unit: unit, organisation: asset.organisation, asset: asset.id,
      stage: claim.stage, terms: terms[provider] ?? ProviderTerms())
    return try await circuits.call(
      provider, for: claim.stage, preparing: { () throws(StageFailure) in try await waitForTurn(booking) }
    ) { () throws(StageFailure) in
      do throws(StageFailure) {
        let answer = try await call()
        try await end(booking, .settled)
        return answer
      } catch {
        try await end(booking, CallEnd.Outcome(of: error))
        throw error
      }
    }
  }

  /// How long a run waits for its turn before it is parked instead.
  private static let patience = Duration.seconds(5)

  /// Books the call as soon as the provider's limits allow it.
  private func waitForTurn(_ booking: ProviderCall) async throws(StageFailure) {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let grant = try await ledgered { () throws(PostgresError) in try await ledger.begin(booking) }
      guard case .wait(let wait) = grant else {
        metrics.charged(provider: booking.provider, units: booking.units, unit: booking.unit)
        return reached(.charged)
      }
      guard .now + wait < deadline else {
        throw StageFailure(
          .deferred(for: wait + .milliseconds(Int64.random(in: 0...2000))), code: "provider.limited",
          "the limits of `\(booking.provider)` are used up")
      }
      do { try await Task.sleep(for: wait) } catch { throw StageFailure(PostgresError.cancelled) }
    }
  }

  private func end(_ booking: ProviderCall, _ outcome: CallEnd.Outcome) async throws(StageFailure) {
    try await ledgered { () throws(PostgresError) in
      try await ledger.end(CallEnd(id: booking.id, isLimited: booking.terms.isLimited, outcome: outcome))
    }
  }

  private func ledgered<Value>(
    _ body: () async throws(PostgresError) -> Value
  ) async throws(StageFailure) -> Value {
    do throws(PostgresError) { return try await body() } catch { throw StageFailure(error) }
  }
}
