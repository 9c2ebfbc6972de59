internal import AMQP
internal import Observability
internal import PostgreSQL

/// Sweeps the dead-letter queues that do not hold as many messages as there are open letters. Any number of processes may
/// do so.
struct Sweeper: Sendable {
  let sweep: DeadLetterSweep
  let client: PostgresClient
  let consuming: BrokerLink
  let publishing: BrokerLink
  let interval: Duration
  let logger: Logger

  /// Runs until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: interval)
      guard !Task.isCancelled, let consuming = await consuming.connection(),
        let publishing = await publishing.connection()
      else { continue }
      do { try await sweepOnce(consuming, publishing) } catch {
        if !Task.isCancelled { logger.warning("cannot sweep the dead-letter queues", [.error: "\(error)"]) }
      }
    }
  }

  private func sweepOnce(_ consuming: AMQPConnection, _ publishing: AMQPConnection) async throws {
    let open = try await DeadLetterSweep.openCounts(client)
    for queue in sweep.queues where try await consuming.inspectQueue(queue).ready != open[queue] ?? 0 {
      let report = try await sweep.sweep(queue, consuming: consuming, publishing: publishing)
      guard report.found > 0 else { continue }
      logger.warning("found messages that no row knew", [.queue: "\(queue)", .count: "\(report.found)"])
    }
  }
}
