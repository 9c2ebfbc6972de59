internal import Concurrency
internal import Observability
internal import PostgreSQL

/// Announces parked runs when they are due, and runs whose worker died. Any number of processes may do so.
struct Scheduler: Sendable {
  let ledger: Ledger
  let outbox: OutboxPublisher
  let definitions: ActiveDefinitions
  let logger: Logger

  private static let longestPause = 0.5
  private static let batch = 1000

  /// Runs until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      var pause = Self.longestPause
      do throws(PostgresError) {
        while try await ledger.announceDue(limit: Self.batch) >= Self.batch { outbox.nudge() }
        outbox.nudge()
        definitions.replace(by: try await ledger.activeDefinitions())
        pause = min(max(try await ledger.secondsUntilDue() ?? pause, 0.02), pause)
      } catch {
        if !Task.isCancelled { logger.error("cannot look for due work", [.error: "\(error)"]) }
      }
      try? await Task.sleep(for: .seconds(pause))
    }
  }
}
