internal import Concurrency
internal import Observability
internal import PostgreSQL

/// Renews this worker's lease, on a connection of its own so that no other work delays it.
struct Heartbeat: Sendable {
  let client: PostgresClient
  let worker: WorkerRecord
  let logger: Logger

  private static let interval = Duration.seconds(5)

  /// Renews the lease once.
  func beat() async throws(PostgresError) {
    try await client.withConnection { connection throws(PostgresError) in
      try await Ledger.renewLease(of: worker, on: connection)
    }
  }

  /// Renews it until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      do throws(PostgresError) { try await beat() } catch {
        if !Task.isCancelled { logger.error("cannot renew the lease", [.error: "\(error)"]) }
      }
      try? await Task.sleep(for: Self.interval)
    }
  }
}
