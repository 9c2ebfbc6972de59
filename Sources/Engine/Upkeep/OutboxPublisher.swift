internal import AMQP
internal import Concurrency
internal import Identifiers
internal import Observability
internal import PostgreSQL

/// Publishes what stands in the outbox: at once when nudged, and at intervals what a crash has left.
package actor OutboxPublisher {
  private let ledger: Ledger
  private let announcer: Announcer
  private let logger: Logger
  private let bell = Bell()

  private static let interval = Duration.seconds(1)
  private static let batch = 500

  init(ledger: Ledger, announcer: Announcer, logger: Logger) {
    self.ledger = ledger
    self.announcer = announcer
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
    try await ledger.drainOutbox(limit: Self.batch) { [announcer] entries throws(PostgresError) in
      do throws(CancellationError) { try await announcer.announce(entries.map { OutgoingMessage($0) }) } catch {
        throw .cancelled
      }
      return entries.map(\.id)
    }
  }
}
