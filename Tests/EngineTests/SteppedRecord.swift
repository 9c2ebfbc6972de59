import Engine
import Identifiers
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport

/// The engine's own record of one result, held before each of its steps until it is told to go on.
final class SteppedRecord: Sendable {
  /// Lock and write; plan; commit.
  static let steps = 3

  private struct State {
    var backend: Int32?
    var asked = 0
    var done = 0
  }

  private let claim: Claim
  private let client: PostgresClient
  private let state = Mutex(State())
  private let turns = AsyncStream<Void>.makeStream()

  init(_ claim: Claim, client: PostgresClient) {
    self.claim = claim
    self.client = client
  }

  func run() async throws -> RecordOutcome {
    let conclusion = Conclusion(
      claim: claim, ending: .finished(StageOutput(value: "made"), adopted: false), attempts: 1, duration: .zero,
      cost: .quick)
    let outcome = try await client.withTransaction { transaction in
      let backend = try await transaction.query("select pg_backend_pid() as pid").one()["pid", as: Int32.self]
      self.state.withLock { $0.backend = backend }
      await self.turn()
      let outcomes = try await Ledger.record(
        [conclusion], context: RecordContext(worker: .next(), build: "test"), on: transaction
      ) { _ throws(PostgresError) in
        self.end()
        await self.turn()
      }
      self.end()
      await self.turn()
      return outcomes[0]
    }
    end()
    return outcome
  }

  /// Lets it take its next step, and returns when it has, or waits for a lock.
  func proceed(_ harness: EngineHarness) async throws {
    let asked = state.withLock { state in
      state.asked += 1
      return state.asked
    }
    turns.continuation.yield()
    try await eventually("step \(asked) of \(claim.stage) is taken") {
      let (done, backend) = state.withLock { ($0.done, $0.backend) }
      if done >= asked { return true }
      guard let backend else { return false }
      return try await harness.count(
        "select count(*) as n from pg_stat_activity where pid = \(backend) and wait_event_type = 'Lock'") == 1
    }
  }

  private func turn() async {
    var turns = turns.stream.makeAsyncIterator()
    await turns.next()
  }

  private func end() { state.withLock { $0.done += 1 } }
}
