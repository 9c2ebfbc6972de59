package import Concurrency
package import Identifiers
package import Pipeline
package import PostgreSQL

/// The engine's side of the database: what is known of assets, who works on what, how it ended.
///
/// The database work of concurrent deliveries is coalesced: reads with reads, claims with claims, records with
/// records. When the database cannot be reached, work waits here until it can; nothing is given up for it.
package final class Ledger: Sendable {
  package let client: PostgresClient
  /// This process, as leases name it.
  package let worker: UUID
  let context: RecordContext
  private let circuit: Circuit
  private let reads: Coalescer<AssetID, AssetID, AssetSnapshot?>
  private let activations: Coalescer<AssetID, AssetID, Void>
  private let claims: Coalescer<RunKey, ClaimWish, ClaimOutcome>
  private let records: Coalescer<RunKey, Conclusion, RecordOutcome>
  private let calls: Coalescer<UUID, ProviderCall, CallGrant>
  private let ends: Coalescer<UUID, CallEnd, Void>

  /// - Parameters:
  ///   - client: its connections live on `loop`, or on loops of their own.
  ///   - build: which build of Reelmill writes; dead letters remember it.
  package init(client: PostgresClient, loop: EventLoop, worker: UUID, build: String, circuit: Circuit) {
    self.client = client
    self.worker = worker
    self.circuit = circuit
    let context = RecordContext(worker: worker, build: build)
    self.context = context
    reads = Coalescer(loop: loop, key: { $0 }, folds: true) { ids throws(PostgresError) in
      let snapshots = try await client.withConnection { connection throws(PostgresError) in
        try await Self.snapshots(of: ids.map(\.uuid), on: connection)
      }
      return ids.map { snapshots[$0] }
    }
    activations = Coalescer(loop: loop, key: { $0 }, folds: true) { ids throws(PostgresError) in
      _ = try await client.withConnection { connection throws(PostgresError) in
        try await connection.query(
          """
          update asset set lifecycle = 'active', updated_at = now()
          where id = any(\(ids.map(\.uuid))::uuid[]) and lifecycle = 'draft'
          """)
      }
      return ids.map { _ in }
    }
    claims = Coalescer(loop: loop, key: { RunKey($0.claim) }) { wishes throws(PostgresError) in
      try await client.withConnection { connection throws(PostgresError) in
        try await Self.claim(wishes, worker: worker, on: connection)
      }
    }
    records = Coalescer(loop: loop, key: { RunKey($0.claim) }, weight: \.weight) { conclusions throws(PostgresError) in
      try await client.committing { transaction throws(PostgresError) in
        try await Self.record(conclusions, context: context, on: transaction)
      }
    }
    calls = Coalescer(loop: loop, key: { $0.id }) { calls throws(PostgresError) in
      try await client.committing { transaction throws(PostgresError) in
        try await Self.begin(calls, worker: worker, on: transaction)
      }
    }
    ends = Coalescer(loop: loop, key: { $0.id }) { ends throws(PostgresError) in
      try await client.committing { transaction throws(PostgresError) in try await Self.end(ends, on: transaction) }
      return ends.map { _ in }
    }
  }

  /// Whether the database could not be reached the last time.
  var isDown: Bool { circuit.state == .open }

  /// The asset with all that plans it; nil if there is none.
  package func snapshot(of asset: AssetID) async throws(PostgresError) -> AssetSnapshot? {
    try await circuit.run { () throws(PostgresError) in try await self.reads.submit(asset) }
  }

  /// Makes a draft active.
  func activate(_ asset: AssetID) async throws(PostgresError) {
    try await circuit.run { () throws(PostgresError) in try await self.activations.submit(asset) }
  }

  /// Claims a run, and reads what it works from.
  ///
  /// - Parameter reading: the kinds to read; not those that the asset's own row gives.
  package func claim(_ claim: Claim, reading kinds: [ArtifactKind] = []) async throws(PostgresError) -> ClaimOutcome {
    let wish = ClaimWish(claim: claim, reads: kinds)
    return try await circuit.run { () throws(PostgresError) in try await self.claims.submit(wish) }
  }

  /// Books a call to a provider, if its limits allow it.
  func begin(_ call: ProviderCall) async throws(PostgresError) -> CallGrant {
    try await circuit.run { () throws(PostgresError) in try await self.calls.submit(call) }
  }

  /// Writes down what became of a call.
  func end(_ call: CallEnd) async throws(PostgresError) {
    try await circuit.run { () throws(PostgresError) in try await self.ends.submit(call) }
  }

  /// Records a conclusion together with others that end at the same time.
  ///
  /// A connection lost during the commit leaves open whether it was made. The record is then made again: where the run
  /// still carries the claim's token but runs no longer, the first one was, and nothing is written twice.
  package func record(_ conclusion: Conclusion) async throws(PostgresError) -> RecordOutcome {
    try await circuit.run { () throws(PostgresError) in try await self.records.submit(conclusion) }
  }

  /// Records a conclusion in a transaction of its own, with more that belongs to it: children, search rows.
  package func record(
    _ conclusion: Conclusion,
    effects: @escaping @Sendable (PostgresTransaction) async throws(PostgresError) -> Void
  ) async throws(PostgresError) -> RecordOutcome {
    try await transaction { connection throws(PostgresError) in
      let outcomes = try await Self.record([conclusion], context: self.context, on: connection, effects: effects)
      return outcomes[0]
    }
  }

  /// Runs a transaction, waiting for the database where it cannot be reached.
  package func transaction<Value: Sendable>(
    _ body: @escaping @Sendable (PostgresTransaction) async throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    try await circuit.run { () throws(PostgresError) in try await self.client.committing(body) }
  }

  /// Milliseconds since 1970 by the database's clock, the only one that all workers share.
  func now() async throws(PostgresError) -> Int64 {
    try await query("select (extract(epoch from now()) * 1000)::int8 as now").one()["now", as: Int64.self]
  }

  /// Runs one statement, waiting for the database where it cannot be reached.
  package func query(_ sql: SQL) async throws(PostgresError) -> PostgresRows {
    try await circuit.run { () throws(PostgresError) in
      try await self.client.withConnection { connection throws(PostgresError) in try await connection.query(sql) }
    }
  }
}

/// What may appear once in a statement that writes runs.
struct RunKey: Hashable {
  let asset: AssetID
  let stage: StageName

  init(_ claim: Claim) {
    asset = claim.asset
    stage = claim.stage
  }
}

extension Conclusion {
  /// About how many bytes it adds to a statement.
  fileprivate var weight: Int {
    guard case .finished(let output, _) = ending else { return 256 }
    return 512 + output.value.approximateSize
  }
}
