internal import Concurrency
internal import Observability
internal import PostgreSQL

/// Announces parked runs when they are due, and runs whose worker died. Any number of processes may do so.
struct Scheduler: Sendable {
  let ledger: Ledger
  let outbox: OutboxPublisher
  let definitions: ActiveDefinitions
  let circuit: Circuit
  let lease: Duration
  let logger: Logger

  private static let longestPause = Duration.milliseconds(500)
  private static let shortestPause = Duration.milliseconds(20)
  private static let batch = 1000

  /// Runs until the task is cancelled.
  func run() async {
    var orphansFrom = ContinuousClock.now
    var outages = circuit.outages
    while !Task.isCancelled {
      var pause = Self.longestPause
      do throws(PostgresError) {
        while try await ledger.announceDue(limit: Self.batch) == Self.batch { outbox.nudge() }
        if circuit.outages != outages {
          // Nobody could renew a lease meanwhile: each gets the time to do so before its runs count as orphaned.
          outages = circuit.outages
          orphansFrom = .now + lease / 2
        }
        if ContinuousClock.now >= orphansFrom {
          while try await ledger.announceOrphaned(limit: Self.batch) == Self.batch { outbox.nudge() }
          orphansFrom = .now + min(.seconds(2), lease / 2)
          definitions.replace(by: try await ledger.activeDefinitions())
        }
        outbox.nudge()
        if let wait = try await ledger.timeUntilDue() { pause = min(max(wait, Self.shortestPause), pause) }
      } catch {
        if !Task.isCancelled { logger.error("cannot look for due work", [.error: "\(error)"]) }
      }
      try? await Task.sleep(for: pause)
    }
  }
}
