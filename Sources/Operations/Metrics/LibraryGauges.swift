internal import Engine
package import Observability
internal import Pipeline
internal import PostgreSQL

/// What the database and the broker know, as metrics. They are asked when somebody wants to see them, and at most once
/// in a while, so that no number of scrapes can hurt them.
package actor LibraryGauges {
  /// How long what was read counts as true.
  private static let validity = Duration.seconds(5)

  private let library: Library
  private let readBroker: @Sendable () async throws -> BrokerStatus
  private let lastPublished: @Sendable (String) -> Int64?
  private let depths: MetricFamily<Gauge>
  private let ages: MetricFamily<Gauge>
  private let deadLetters: MetricFamily<Gauge>
  private let replays: MetricFamily<Gauge>
  private let outboxAge: Gauge
  private let sources: MetricFamily<Gauge>
  private var queueAges = QueueAges()
  private var reading: Task<Void, Never>?
  private var readAt: ContinuousClock.Instant?

  /// - Parameters:
  ///   - readBroker: looks at the queues.
  ///   - lastPublished: when the message was published that this process took last from a queue, in milliseconds since
  ///     1970; nil if that is not known.
  package init(
    _ metrics: Metrics, library: Library, readBroker: @escaping @Sendable () async throws -> BrokerStatus,
    lastPublished: @escaping @Sendable (String) -> Int64?
  ) {
    self.library = library
    self.readBroker = readBroker
    self.lastPublished = lastPublished
    depths = metrics.gauges(
      "queue_depth_total", help: "What waits: in the broker's queues, in the outbox, and parked.", labels: ["queue"])
    ages = metrics.gauges(
      "reelmill_oldest_message_age_seconds", help: "How long the oldest message of a queue has waited at most.",
      labels: ["queue"])
    deadLetters = metrics.gauges(
      "reelmill_dead_letters", help: "Dead letters that nobody dealt with.", labels: ["stage"])
    replays = metrics.gauges(
      "reelmill_replay_items", help: "What replays were asked for and what came of it, by result.", labels: ["result"])
    outboxAge = metrics.gauge(
      "reelmill_outbox_age_seconds", help: "How long the oldest message of the outbox has been due.")
    sources = metrics.gauges(
      "reelmill_source_up", help: "1 where the last look at the database and the broker succeeded.", labels: ["source"])
  }

  /// Brings the gauges up to date if that is some seconds ago. Those who ask at once wait for one look.
  package func refresh() async {
    if let readAt, .now - readAt < Self.validity { return }
    if let reading { return await reading.value }
    let task = Task { await read() }
    reading = task
    await task.value
    reading = nil
    readAt = .now
  }

  private func read() async {
    do {
      try await readDatabase()
      sources["database"].set(to: 1)
    } catch { sources["database"].set(to: 0) }
    do {
      show(try await readBroker())
      sources["broker"].set(to: 1)
    } catch { sources["broker"].set(to: 0) }
  }

  private func show(_ status: BrokerStatus) {
    let now = Timestamp.now.millisecondsSince1970
    for stage in status.stages {
      for (lane, depth) in [(Lane.live, stage.live), (.bulk, stage.bulk)] {
        let queue = Topology.queue(stage.stage, lane)
        let ready = depth?.ready ?? 0
        depths[queue].set(to: Double(ready))
        let age = queueAges.age(of: queue, ready: ready, lastPublished: lastPublished(queue), now: now)
        ages[queue].set(to: age / .seconds(1))
      }
      depths[Topology.deadLetterQueue(stage.stage)].set(to: Double(stage.dead?.ready ?? 0))
    }
    depths[Topology.unroutable].set(to: Double(status.unroutable?.ready ?? 0))
  }

  private func readDatabase() async throws(PostgresError) {
    let counts = try await library.client.reading { transaction throws(PostgresError) in
      try await LibraryCounts.read(on: transaction)
    }
    for stage in library.pipeline.stages.map(\.name.rawValue) {
      depths["\(stage).parked"].set(to: Double(counts.parked[stage, default: 0]))
    }
    for stage in Set(counts.deadLetters.keys).union(["dispatch"] + library.pipeline.stages.map(\.name.rawValue)) {
      deadLetters[stage].set(to: Double(counts.deadLetters[stage, default: 0]))
    }
    depths["outbox"].set(to: Double(counts.outbox))
    outboxAge.set(to: counts.outboxAge)
    for (result, count) in counts.replays { replays[result].set(to: Double(count)) }
  }
}
