internal import AMQP
internal import Concurrency
internal import Identifiers
internal import Observability
internal import PostgreSQL

/// Publishes what stands in the outbox: at once when nudged, and at intervals what a crash has left.
package actor OutboxPublisher {
  private let ledger: Ledger
  private let announcer: Announcer
  private let reached: @Sendable () -> Void
  private let logger: Logger
  private let bell = Bell()

  private static let interval = Duration.seconds(1)
  private static let batch = 500

  /// - Parameter reached: told when messages are confirmed that still stand in the outbox.
  init(ledger: Ledger, announcer: Announcer, logger: Logger, reached: @escaping @Sendable () -> Void) {
    self.ledger = ledger
    self.announcer = announcer
    self.reached = reached
    self.logger = logger
  }

  /// Says that something was written to the outbox.
  package nonisolated func nudge() { bell.ring() }

  /// Publishes until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      do throws(PostgresError) {
        while try await drain() == Self.batch {}
      } catch {
        if !Task.isCancelled { logger.error("cannot publish the outbox", [.error: "\(error)"]) }
      }
      await bell.wait(atMost: Self.interval)
    }
  }

  private func drain() async throws(PostgresError) -> Int {
    // Not within the transaction: it would stay open for as long as the broker is away.
    do throws(CancellationError) { try await announcer.waitForBroker() } catch { throw .cancelled }
    return try await ledger.drainOutbox(limit: Self.batch) { [announcer, reached] entries in
      let outcomes = await announcer.tryOnce(entries.map { OutgoingMessage($0) })
      reached()
      return outcomes
    }
  }
}
