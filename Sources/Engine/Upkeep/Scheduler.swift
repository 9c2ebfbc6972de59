internal import Concurrency
internal import Observability
internal import PostgreSQL

/// Announces parked runs when they are due, and runs whose worker died. Any number of processes may do so.
struct Scheduler: Sendable {
  let ledger: Ledger
  let outbox: OutboxPublisher
  let circuit: Circuit
  let lease: Duration
  let logger: Logger

  private static let longestPause = Duration.milliseconds(500)
  private static let shortestPause = Duration.milliseconds(20)
  private static let batch = 1000
  /// Announced runs of a stage and lane that wait in its queue; what else is due waits in the database.
  private static let crowd = 1000
  /// While a crowd is due, room is looked for this often.
  private static let crowdPause = Duration.milliseconds(50)

  /// Runs until the task is cancelled.
  func run() async {
    var orphansFrom = ContinuousClock.now
    var outages = circuit.outages
    while !Task.isCancelled {
      var pause = Self.longestPause
      do throws(PostgresError) {
        if try await ledger.announceDue(crowd: Self.crowd) > 0 { pause = Self.crowdPause }
        if circuit.outages != outages {
          // Nobody could renew a lease meanwhile: each gets the time to do so before its runs count as orphaned.
          outages = circuit.outages
          orphansFrom = .now + lease / 2
        }
        if ContinuousClock.now >= orphansFrom {
          while try await ledger.announceOrphaned(limit: Self.batch) == Self.batch { outbox.nudge() }
          orphansFrom = .now + min(.seconds(2), lease / 2)
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
