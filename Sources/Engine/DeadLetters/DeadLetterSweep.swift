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
  ///   - batch: messages at a time, 1 to 1000. Four times as many are in memory.
  package init(
    client: PostgresClient, topology: Topology, build: String, lease: Duration = .seconds(60), batch: Int = 500
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
        try await settle(deliveries.prefix(depth - report.walked), from: consumer, publishing, &report, progress)
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
      return try await connection.consume(queue: queue, prefetch: UInt16(4 * batch))
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

  /// Deals with deliveries as their rows say, part by part: while the broker confirms what is published of one, the
  /// rows of the next are read.
  private func settle(
    _ deliveries: ArraySlice<AMQPDelivery>, from consumer: AMQPConsumer, _ publishing: AMQPConnection,
    _ report: inout SweepReport, _ progress: (SweepReport) -> Void
  ) async throws(SweepError) {
    var rest = deliveries
    var (tags, judged): ([UInt64], [OutboxEntry]) = ([], [])
    while !rest.isEmpty || !tags.isEmpty {
      let part = Array(rest.prefix(batch))
      rest = rest.dropFirst(batch)
      let outgoing = judged
      async let refusal = failure(publishing: outgoing, to: consumer.queue, publishing)
      let next: Result<[OutboxEntry], SweepError>
      do throws(SweepError) {
        next = .success(part.isEmpty ? [] : try await letters(of: part, in: consumer.queue, &report))
      } catch { next = .failure(error) }
      // Whatever became of this part, what was published of the one before must not come back.
      if let refusal = await refusal { throw refusal }
      if !tags.isEmpty { await consumer.ack(tags) }
      judged = try next.get()
      tags = part.map(\.tag)
      progress(report)
    }
  }

  /// Judges messages by their rows.
  ///
  /// - Returns: what is to be published before they are acknowledged.
  private func letters(
    of deliveries: [AMQPDelivery], in queue: String, _ report: inout SweepReport
  ) async throws(SweepError) -> [OutboxEntry] {
    let ids = deliveries.map { delivery in
      // What the broker gave up carries the id that it had before; it is another letter than that.
      delivery.properties.headers["x-death"] == nil ? delivery.properties.messageID.flatMap { UUID($0) } : nil
    }
    let letters = try await rows.meet(ids.compactMap(\.self), in: queue)
    let outgoing = letters.values.compactMap(\.message)
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
    report.walked += deliveries.count
    return outgoing + written
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
    if let failure = await failure(publishing: letters, to: queue, connection) { throw failure }
  }

  /// - Returns: why not all of them are in the queue; nil if they are.
  private func failure(
    publishing letters: [OutboxEntry], to queue: String, _ connection: AMQPConnection
  ) async -> SweepError? {
    guard !letters.isEmpty else { return nil }
    do throws(AMQPError) {
      let outcomes = try await connection.publish(letters.map { OutgoingMessage($0) })
      return outcomes.allSatisfy { $0 == .confirmed } ? nil : .refused(queue: queue)
    } catch { return .broker(error) }
  }
}
