import Concurrency
import Engine
import Identifiers
import JSON
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Statements whose answer is lost with the connection are made again: what was committed by the first one counts once.
@Suite struct LostAnswerTests {
  private static let stage = TestStage("one", reads: [.required(.source)], writes: "a")

  @Test func `a claim that is made again has won, and counts neither attempt nor crash`() async throws {
    try await Self.withClaim { harness, ledger, claim in
      for _ in 1...3 {
        let outcome = try await ledger.claim(claim)
        #expect(outcome == .won(attempts: 1, crashes: 0, stored: [:]))
      }
      let other = Claim(
        asset: claim.asset, stage: claim.stage, writes: claim.writes, recipe: claim.recipe, lane: claim.lane)
      let outcome = try await ledger.claim(other)
      #expect(outcome == .held)
    }
  }

  @Test func `a recipe that is leased again is still ours`() async throws {
    try await Self.withClaim { harness, ledger, claim in
      _ = try await ledger.claim(claim)
      let snapshot = try #require(try await ledger.snapshot(of: claim.asset))
      for _ in 1...2 {
        guard case .leased = try await ledger.share(claim, for: snapshot) else {
          Issue.record("the lease was not ours")
          return
        }
      }
    }
  }

  @Test func `messages that are written again are written once`() async throws {
    try await Self.withClaim { harness, ledger, _ in
      let before = try await harness.count("select count(*) as n from outbox")
      let entry = OutboxEntry(exchange: "", routingKey: "one.live", body: [])
      for _ in 1...2 {
        try await ledger.transaction { connection throws(PostgresError) in
          try await Ledger.write([entry], on: connection)
        }
      }
      #expect(try await harness.count("select count(*) as n from outbox") == before + 1)
    }
  }

  /// Runs the body with a worker's ledger and a claim that was not made yet.
  private static func withClaim(
    _ body: @escaping @Sendable (EngineHarness, Ledger, Claim) async throws -> Void
  ) async throws {
    try await EngineHarness.with([stage]) { harness in
      let worker = WorkerRecord(id: .next(), host: "test", processID: 1, build: "test", stages: [])
      try await harness.client.withConnection { connection throws(PostgresError) in
        try await Ledger.renewLease(of: worker, for: .seconds(60), on: connection)
      }
      let ledger = Ledger(
        client: harness.client, loop: harness.loop, worker: worker.id, build: "test", circuit: Circuit())
      let id = try await harness.add("asset")
      _ = try await harness.client.query("update asset set lifecycle = 'active' where id = \(id.uuid)")
      guard case .ready(let recipe) = try await harness.plan(id).statuses[stage.name] else {
        Issue.record("the stage is not ready")
        return
      }
      try await body(
        harness, ledger,
        Claim(asset: id, stage: stage.name, writes: stage.declaration.writes, recipe: recipe, lane: .live))
    }
  }
}
