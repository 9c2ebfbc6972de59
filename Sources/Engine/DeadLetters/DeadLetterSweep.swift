package import AMQP
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
  private let rows: SweepRows
  private let topology: Topology
  private let batch: Int

  /// How long the broker may take to deliver what it has.
  private static let patience = Duration.seconds(5)

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

  /// How many open letters each queue should hold; queues without any are left out.
  package static func openCounts(_ connection: some PostgresQueryable) async throws(PostgresError) -> [String: Int] {
    let rows = try await connection.query(
      "select queue, sum(open)::int8 as open from dead_letter_group where open > 0 group by queue",
      as: (String, Int64).self)
    return Dictionary(rows.map { ($0.0, Int($0.1)) }) { $0 + $1 }
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
    let depth = try await depth(of: queue, on: consuming)
    guard depth > 0 else { return }
    let consumer = try await consumer(of: queue, on: consuming)
    do throws(SweepError) {
      while report.walked < depth, let deliveries = try await next(of: consumer, on: consuming) {
        let wanted = min(deliveries.count, depth - report.walked)
        for start in stride(from: 0, to: wanted, by: batch) {
          let part = Array(deliveries[start..<min(start + batch, wanted)])
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

  private func depth(of queue: String, on connection: AMQPConnection) async throws(SweepError) -> Int {
    do throws(AMQPError) { return try await connection.inspectQueue(queue).ready } catch { throw .broker(error) }
  }

  private func consumer(of queue: String, on connection: AMQPConnection) async throws(SweepError) -> AMQPConsumer {
    do throws(AMQPError) {
      return try await connection.consume(queue: queue, prefetch: UInt16(2 * batch))
    } catch { throw .broker(error) }
  }

  /// Waits for deliveries.
  ///
  /// - Returns: nil if the queue is empty: somebody else has taken from it.
  private func next(
    of consumer: AMQPConsumer, on connection: AMQPConnection
  ) async throws(SweepError) -> [AMQPDelivery]? {
    let watch = Task {
      try await Task.sleep(for: Self.patience)
      try await consumer.cancel()
    }
    defer { watch.cancel() }
    do throws(AMQPError) {
      if let deliveries = try await consumer.nextBatch() { return deliveries }
    } catch { throw .broker(error) }
    guard !Task.isCancelled else { throw .cancelled }
    if try await depth(of: consumer.queue, on: connection) == 0 { return nil }
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
