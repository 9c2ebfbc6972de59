import Concurrency
import Engine
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// A worker that dies while its record is being committed: the broker delivers its message again at once, and whoever
/// answers that sees the run in living hands, for the commit is not there yet. It is when nobody is left to announce.
@Suite struct LateCommitTests {
  @Test func `readers of a result are announced though its record is committed after its message was answered again`()
    async throws
  {
    let stages = [
      TestStage("one", reads: [.required(.source)], writes: "a"),
      TestStage("two", reads: [.required(.a)], writes: "b"),
    ]
    try await EngineHarness.with(stages) { harness in
      let worker = WorkerRecord(id: .next(), host: "test", processID: 1, build: "test", stages: [])
      try await harness.client.withConnection { connection throws(PostgresError) in
        try await Ledger.renewLease(of: worker, for: .seconds(60), on: connection)
      }
      let ledger = Ledger(
        client: harness.client, loop: harness.loop, worker: worker.id, build: "test", circuit: Circuit())
      let id = try await harness.add("asset")
      _ = try await harness.client.query("update asset set lifecycle = 'active' where id = \(id.uuid)")
      _ = try await harness.client.query("delete from outbox")
      guard case .ready(let recipe) = try await harness.plan(id).statuses[stages[0].name] else {
        Issue.record("the stage is not ready")
        return
      }
      let claim = Claim(asset: id, stage: stages[0].name, writes: .a, recipe: recipe, lane: .live)
      _ = try await ledger.claim(claim)

      // The dead worker's delivery comes again.
      try await harness.withBrokerConnection { connection in
        try await Topology(stages: stages.map(\.declaration)).declare(on: connection)
        try await harness.ring([.stage(stages[0].name)], of: id, lane: .live)
        _ = try #require(try await connection.pull(queue: "one.live").get())
      }

      let answers = AsyncGate(isOpen: false)
      let observer: StepObserver = { step, stage in if step == .taken, stage == stages[0].name { answers.open() } }
      try await harness.working(observer: observer) {
        try await answers.waitUntilOpen()
        let conclusion = Conclusion(
          claim: claim, ending: .finished(StageOutput(value: "made"), adopted: false), attempts: 1, duration: .zero,
          cost: .quick)
        _ = try await ledger.record(conclusion)
        try await harness.finished([id], within: .seconds(20))
      }
    }
  }
}
