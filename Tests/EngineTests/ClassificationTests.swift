import Blobs
import Concurrency
import Engine
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// What follows from what goes wrong: one table a boundary.
@Suite struct ClassificationTests {
  private struct Surprise: Error {}

  @Test func `the database's states, as the server reports them`() async throws {
    try await withDatabase { url in
      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
      let table: [(StageFailure.Consequence, [String])] = [
        // Shutting down, starting up, out of disk or connections, the connection broken.
        (.unavailable(), ["57P01", "57P03", "53100", "53300", "08006"]),
        // Lost against another transaction.
        (.transient(), ["40001", "40P01"]),
        // The row cannot be: a NUL byte, a broken rule; or the statement.
        (.permanent, ["22021", "23514", "42P01"]),
      ]
      for (consequence, states) in table {
        for state in states {
          let error = await #expect(throws: PostgresError.self) {
            try await client.query(
              SQL(unescaped: "do $$ begin raise exception 'a test' using errcode = '\(state)'; end $$"))
          }
          #expect(StageFailure(try #require(error)).consequence == consequence, "\(state)")
        }
      }
      await client.close()
    }
  }

  @Test func `the way to the database`() {
    let table: [(PostgresError, StageFailure.Consequence, String)] = [
      (.cancelled, .interrupted, "stage.interrupted"), (.closed, .interrupted, "stage.interrupted"),
      (.noConnectionFree(after: .seconds(1), lastFailure: nil), .unavailable(), "database.unavailable"),
      (.timeout(after: .seconds(1), isOutcomeKnown: false), .unavailable(), "database.unavailable"),
      (.timeout(after: .seconds(1), isOutcomeKnown: true), .transient(), "database.failed"),
      (.invalidStatement("too long"), .permanent, "database.refused"),
    ]
    for (error, consequence, code) in table {
      let failure = StageFailure(error)
      #expect(failure.consequence == consequence && failure.code == code, "\(error)")
    }
  }

  @Test func `the blob store`() {
    let table: [(BlobError.Kind, StageFailure.Consequence)] = [
      (.full, .unavailable(retryAfter: .seconds(10))), (.permission, .unavailable(retryAfter: .seconds(10))),
      (.busy, .deferred(for: .seconds(2))), (.system, .transient()), (.notFound, .permanent), (.corrupt, .permanent),
      (.cancelled, .interrupted),
    ]
    for (kind, consequence) in table {
      let failure = StageFailure(storing: BlobError(kind, path: "/blobs", detail: "said the system"))
      #expect(failure.consequence == consequence, "\(kind)")
    }
    #expect(StageFailure(storing: Surprise()).consequence == .unknown)
  }

  @Test func `a stage that is run`() {
    let stage = TestStage("a", reads: [.required(.source)], writes: "a").declaration
    let own = StageFailure.permanent("test.own", "its own word counts")
    let table: [(any Error, StageFailure.Consequence, String)] = [
      (own, .permanent, "test.own"),
      (PermitPool.NoneFree(waited: .seconds(1)), .deferred(for: .seconds(30)), "worker.busy"),
      (CancellationError(), .interrupted, "stage.interrupted"), (Surprise(), .unknown, "stage.failed"),
    ]
    for (error, consequence, code) in table {
      let failure = StageFailure(running: error, of: stage)
      #expect(failure.consequence == consequence && failure.code == code, "\(error)")
    }
  }

  @Test func `what follows from each consequence`() {
    let policy = StagePolicy(attempts: 4, firstPause: .seconds(2), longestPause: .seconds(6))
    func verdict(_ consequence: StageFailure.Consequence, attempts: Int = 1) -> AttemptPolicy.Verdict {
      AttemptPolicy().verdict(on: StageFailure(consequence, code: "x", "y"), attempts: attempts, policy: policy)
    }
    #expect(verdict(.permanent) == .dead)
    #expect(verdict(.interrupted, attempts: 100) == .giveBack)
    #expect(verdict(.deferred(for: .seconds(9)), attempts: 100) == .park(for: .seconds(9), countsAttempt: false))
    #expect(
      verdict(.unavailable(retryAfter: .seconds(9)), attempts: 100) == .park(for: .seconds(9), countsAttempt: false))
    #expect(
      verdict(.transient(retryAfter: .seconds(9)), attempts: 3) == .park(for: .seconds(9), countsAttempt: true))
    #expect(verdict(.transient(retryAfter: .seconds(9)), attempts: 4) == .dead)
    #expect(verdict(.unknown, attempts: StagePolicy.attemptsOfUnknown) == .dead)
    for (attempts, longest) in [(1, 2.0), (2, 4), (3, 6)] {
      guard case .park(let wait, true) = verdict(.transient(), attempts: attempts) else {
        Issue.record("expected a pause")
        continue
      }
      #expect(wait >= .seconds(longest / 2) && wait <= .seconds(longest), "attempt \(attempts)")
    }
  }
}
