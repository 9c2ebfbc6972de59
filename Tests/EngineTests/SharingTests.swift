import Concurrency
import Engine
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Two assets that want the same costly result at once.
@Suite struct SharingTests {
  @Test func `who begins to wait while the lease is being given up is woken`() async throws {
    let stage = TestStage("one", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly))
    try await EngineHarness.with([stage]) { harness in
      let worker = WorkerRecord(id: .next(), host: "test", processID: 1, build: "test", stages: [])
      try await harness.client.withConnection { connection throws(PostgresError) in
        try await Ledger.renewLease(of: worker, for: .seconds(60), on: connection)
      }
      let ledger = Ledger(
        client: harness.client, loop: harness.loop, worker: worker.id, build: "test", circuit: Circuit())
      var claims: [Claim] = []
      for name in ["first", "second"] {
        let id = try await harness.add(name, content: "same")
        _ = try await harness.client.query("update asset set lifecycle = 'active' where id = \(id.uuid)")
        guard case .ready(let recipe) = try await harness.plan(id).statuses[stage.name] else { return }
        let claim = Claim(asset: id, stage: stage.name, writes: .a, recipe: recipe, lane: .live)
        _ = try await ledger.claim(claim)
        _ = try await ledger.share(claim, for: try #require(try await ledger.snapshot(of: id)))
        claims.append(claim)
      }
      let (first, second) = (claims[0], claims[1])
      let finishing = try await harness.client.withTransaction { (transaction) async throws(any Error) in
        _ = try await Ledger.record(
          [Self.conclusion(second, .awaiting(.transient("recipe.busy", "the first one makes it")))],
          context: RecordContext(worker: worker.id, build: "test"), on: transaction)
        let finishing = Task {
          try await ledger.record(
            Self.conclusion(first, .finished(StageOutput(value: "made"), adopted: false)))
        }
        try await eventually("the first one gives up its lease") {
          try await transaction.query(EngineHarness.waitsForMe).count == 1
        }
        return finishing
      }
      _ = try await finishing.value
      #expect(try await harness.count("select count(*) as n from run where state = 'parked' and due <= now()") == 1)
    }
  }

  private static func conclusion(_ claim: Claim, _ ending: Conclusion.Ending) -> Conclusion {
    Conclusion(claim: claim, ending: ending, attempts: 1, duration: .zero, cost: .costly)
  }
}
