internal import Concurrency
internal import Observability
internal import PostgreSQL

/// Renews this worker's lease, on a connection of its own so that no other work delays it.
struct Heartbeat: Sendable {
  let client: PostgresClient
  let worker: WorkerRecord
  /// How long a worker counts as alive after its last beat.
  let lease: Duration
  let circuits: Circuits
  let logger: Logger

  /// Renews the lease once.
  func beat() async throws(PostgresError) {
    try await client.withConnection { connection throws(PostgresError) in
      try await Ledger.renewLease(of: worker, for: lease, on: connection)
    }
  }

  /// Says which dependencies this worker keeps away from.
  private func tell(_ reports: [Circuits.Report]) async throws(PostgresError) {
    try await client.withConnection { connection throws(PostgresError) in
      try await Ledger.write(reports, of: worker.id, on: connection)
    }
  }

  /// Renews it until the task is cancelled.
  func run() async {
    var told: [Circuits.Report] = []
    while !Task.isCancelled {
      var pause = lease / 4
      do throws(PostgresError) {
        try await beat()
        let reports = circuits.reports
        if reports != told { try await tell(reports) }
        told = reports
      } catch {
        // After an outage the lease must be there before others take its runs for orphaned.
        pause = min(pause, .milliseconds(500))
        if !Task.isCancelled { logger.error("cannot renew the lease", [.error: "\(error)"]) }
      }
      try? await Task.sleep(for: pause)
    }
  }
}
