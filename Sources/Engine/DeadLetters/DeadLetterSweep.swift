package import AMQP
internal import Concurrency
internal import Identifiers
internal import Pipeline
package import PostgreSQL

/// Brings a dead-letter queue in line with its rows: afterwards it holds one message for each open letter, and no other.
///
/// It walks once through what stands in the queue, in batches. What somebody has dealt with is acknowledged; what is open
/// is published again at the end of the queue, confirmed, then acknowledged; what has no row gets one. Then the open
/// letters whose message was not there are published. It may end at any point: a message is acknowledged only when
/// nothing depends on it any more. One sweep at a time works on a queue; the others leave it alone.
package struct DeadLetterSweep: Sendable {
  let rows: SweepRows
  private let topology: Topology
  private let batch: Int

  /// How long the broker may take to deliver what it has.
  private static let patience = Duration.seconds(30)
  /// After so long without a delivery it is asked whether it has more.
  private static let silence = Duration.seconds(1)

  /// - Parameters:
  ///   - build: which build of Reelmill sweeps; rows that it writes remember it.
  ///   - lease: how long a sweep that died keeps others from its queue; each batch renews it.
  ///   - batch: messages at a time, 1 to 1000. Twice as many are in memory.
  package init(
    client: PostgresClient, topology: Topology, build: String, lease: Duration = .seconds(60), batch: Int = 256
  ) {
    rows = SweepRows(client: client, build: build, lease: lease, holder: .next())
    self.topology = topology
    self.batch = min(max(batch, 1), 1000)
  }

  /// The queues that it keeps in line: each stage's, and that of messages which no stage serves.
  package var queues: [String] {
    ([.dispatch] + topology.stages.map(\.name)).map(Topology.deadLetterQueue) + [Topology.unroutable]
  }

  /// Sweeps one queue.
  ///
  /// - Parameters:
  ///   - consuming: takes the messages.
  ///   - publishing: another connection, as one that publishes may be held up.
  ///   - progress: told after each batch.
  package func sweep(
    _ queue: String, consuming: AMQPConnection, publishing: AMQPConnection,
    progress: (SweepReport) -> Void = { _ in }
  ) async throws(SweepError) -> SweepReport {
    var report = SweepReport(queue: queue)
    guard let start = try await rows.begin(queue) else {
      report.isBusy = true
      return report
    }
    do throws(SweepError) {
      try await walk(queue, consuming, publishing, &report, progress)
      try await returnMissing(queue, from: start, publishing, &report, progress)
    } catch {
      // Another sweep need not wait for the lease; where this fails too, it does. Whoever is cancelled does it all the
      // same.
      await Task { try? await rows.end(queue) }.value
      throw error
    }
    try await rows.end(queue)
    return report
  }

  /// Takes what stands in the queue now. What is published again comes behind it, and is not taken a second time.
  private func walk(
    _ queue: String, _ consuming: AMQPConnection, _ publishing: AMQPConnection, _ report: inout SweepReport,
    _ progress: (SweepReport) -> Void
  ) async throws(SweepError) {
    let depth: Int
    let consumer: AMQPConsumer
    do throws(AMQPError) {
      depth = try await consuming.inspectQueue(queue).ready
      guard depth > 0 else { return }
      consumer = try await consuming.consume(queue: queue, prefetch: UInt16(2 * batch))
    } catch { throw .broker(error) }
    do throws(SweepError) {
      while report.walked < depth, let deliveries = try await next(of: consumer, on: consuming) {
        var rest = deliveries.prefix(depth - report.walked)
        while !rest.isEmpty {
          let part = Array(rest.prefix(batch))
          rest = rest.dropFirst(batch)
          try await settle(part, of: queue, publishing, &report)
          await consumer.ack(part.map(\.tag))
          progress(report)
        }
      }
    } catch {
      await consumer.close()
      throw error
    }
    await consumer.close()
  }

  /// Waits for deliveries.
  ///
  /// - Returns: nil once the queue is empty: somebody else has taken from it.
  private func next(
    of consumer: AMQPConsumer, on connection: AMQPConnection
  ) async throws(SweepError) -> [AMQPDelivery]? {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < Self.patience {
      do {
        if let deliveries = try await withDeadline(Self.silence, { try await consumer.nextBatch() }) {
          return deliveries
        }
        guard !Task.isCancelled else { throw SweepError.cancelled }
        if try await connection.inspectQueue(consumer.queue).ready == 0 { return nil }
      } catch {
        switch error {
        case let error as AMQPError: throw .broker(error)
        default: throw .cancelled
        }
      }
    }
    throw .silent(queue: consumer.queue)
  }

  /// Deals with messages as their rows say; afterwards they can be acknowledged.
  private func settle(
    _ deliveries: [AMQPDelivery], of queue: String, _ publishing: AMQPConnection, _ report: inout SweepReport
  ) async throws(SweepError) {
    let ids = deliveries.map { delivery in
      // What the broker gave up carries the id that it had before; it is another letter than that.
      delivery.properties.headers["x-death"] == nil ? delivery.properties.messageID.flatMap { UUID($0) } : nil
    }
    let letters = try await rows.meet(ids.compactMap(\.self), in: queue)
    var outgoing = letters.values.compactMap(\.message)
    report.kept += outgoing.count
    var strangers: [FoundLetter] = []
    for (delivery, id) in zip(deliveries, ids) {
      switch id.flatMap({ letters[$0] })?.isOpen {
      case true: report.duplicates += 1
      case false: report.closed += 1
      case nil:
        let stage = topology.stage(ofDeadLetterQueue: queue)
        strangers.append(FoundLetter(delivery, stage: stage, now: Timestamp.now.millisecondsSince1970))
      }
    }
    // All messages of open letters but the first of each.
    report.duplicates -= outgoing.count
    let written = try await rows.add(strangers, to: queue)
    report.found += written.count
    report.duplicates += strangers.count - written.count
    outgoing += written
    try await publish(outgoing, to: queue, publishing)
    report.walked += deliveries.count
  }

  /// Publishes the open letters from before the sweep whose message it has not met.
  private func returnMissing(
    _ queue: String, from start: Timestamp, _ publishing: AMQPConnection, _ report: inout SweepReport,
    _ progress: (SweepReport) -> Void
  ) async throws(SweepError) {
    var last: SweepRows.Position?
    while let (letters, position) = try await rows.missing(from: queue, before: start, after: last, limit: batch) {
      guard !Task.isCancelled else { throw .cancelled }
      try await publish(letters, to: queue, publishing)
      report.returned += letters.count
      progress(report)
      last = position
    }
  }

  private func publish(
    _ letters: [OutboxEntry], to queue: String, _ connection: AMQPConnection
  ) async throws(SweepError) {
    guard !letters.isEmpty else { return }
    let outcomes: [PublishOutcome]
    do throws(AMQPError) {
      outcomes = try await connection.publish(letters.map { OutgoingMessage($0) })
    } catch { throw .broker(error) }
    guard outcomes.allSatisfy({ $0 == .confirmed }) else { throw .refused(queue: queue) }
  }
}
