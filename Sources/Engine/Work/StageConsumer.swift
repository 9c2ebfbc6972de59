internal import AMQP
internal import Concurrency
internal import Observability
internal import Pipeline

/// Consumes one queue: takes deliveries as they come, answers each in a task of its own, acknowledges what is done.
struct StageConsumer: Sendable {
  let stage: StageName
  let lane: Lane
  let prefetch: UInt16
  let link: BrokerLink
  let topology: Topology
  let doorbell: Doorbell
  let draining: DrainSignal
  /// Counts what is taken.
  let taking: QueueTaking?
  let logger: Logger
  let gates: StageGates

  private static let pause = Duration.seconds(1)

  /// Consumes until draining begins; then takes nothing more and waits for what it has.
  func run() async {
    await withDiscardingTaskGroup { group in
      while await isWanted(), let connection = await link.connection() {
        do throws(AMQPError) {
          try await consume(on: connection, in: &group)
        } catch {
          guard !draining.isRaised else { return }
          logger.warning("stopped consuming; trying again", [.stage: "\(stage)", .error: "\(error)"])
          try? await Task.sleep(for: Self.pause)
          // The queue may have been deleted.
          try? await topology.declare(on: connection)
        }
      }
    }
  }

  /// Waits until the stage's gate is open.
  ///
  /// - Returns: false once nothing more is to be taken.
  private func isWanted() async -> Bool {
    var known: String?
    while !draining.isRaised, !Task.isCancelled, let obstacle = gates.obstacle(to: stage) {
      if obstacle != known {
        logger.warning("does not take a stage: \(obstacle)", [.stage: "\(stage)", .lane: "\(lane)"])
      }
      known = obstacle
      try? await Task.sleep(for: Self.pause)
    }
    return !draining.isRaised && !Task.isCancelled
  }

  private func consume(
    on connection: AMQPConnection, in group: inout DiscardingTaskGroup
  ) async throws(AMQPError) {
    let consumer = try await connection.consume(queue: Topology.queue(stage, lane), prefetch: prefetch)
    let cancellation = draining.onRaise { Task { try? await consumer.cancel() } }
    defer { draining.forget(cancellation) }
    // What was not taken stays in the queue.
    let closing = gates.whenClosed(stage) { Task { try? await consumer.cancel() } }
    defer { gates.forget(closing) }
    while let batch = try await consumer.nextBatch() {
      taking?.take(batch.count, lastID: batch.last?.properties.messageID)
      for delivery in batch {
        group.addTask {
          do throws(CancellationError) {
            try await doorbell.answer(delivery, for: stage, lane: lane)
            await consumer.ack(delivery.tag)
          } catch {
            await consumer.nack(delivery.tag, requeue: true)
          }
        }
      }
    }
  }
}
