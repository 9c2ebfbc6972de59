package import Pipeline
package import PostgreSQL

/// What happens in the library at one moment: what waits, what runs and how far that is.
///
/// It reads indexes of what is open, never whole tables, so that it may be taken every second.
package struct ActivitySample: Sendable, Equatable {
  /// One stage at that moment.
  package struct Stage: Sendable, Equatable {
    package let name: String
    /// Messages that wait in its queues; nil where the broker was not asked or they do not stand.
    package var live: Int?
    package var bulk: Int?
    package var running: Int
    package var parked: Int
    /// Dead letters that nobody dealt with.
    package var dead: Int
    /// How many runs ended since the first sample, in whatever way; nil for what is not counted.
    package var concluded: Int?
    /// How many runs the living workers may have at a time; nil where that is not bounded by the stage.
    package var slots: Int?

    /// Messages that wait in both lanes.
    package var waiting: Int? { live == nil && bulk == nil ? nil : (live ?? 0) + (bulk ?? 0) }

    package init(
      name: String, live: Int? = nil, bulk: Int? = nil, running: Int = 0, parked: Int = 0, dead: Int = 0,
      concluded: Int? = nil, slots: Int? = nil
    ) {
      self.name = name
      self.live = live
      self.bulk = bulk
      self.running = running
      self.parked = parked
      self.dead = dead
      self.concluded = concluded
      self.slots = slots
    }
  }

  /// A run that a living worker has.
  package struct Run: Sendable, Equatable {
    package let stage: String
    package let asset: AssetID
    package let title: String
    /// 0 to 1; nil where the stage does not say.
    package let progress: Double?
    package let duration: Duration
    package let attempt: Int
    /// `host/1234`.
    package let worker: String

    package init(
      stage: String, asset: AssetID, title: String, progress: Double?, duration: Duration, attempt: Int, worker: String
    ) {
      self.stage = stage
      self.asset = asset
      self.title = title
      self.progress = progress
      self.duration = duration
      self.attempt = attempt
      self.worker = worker
    }
  }

  /// The database's clock.
  package let at: Timestamp
  /// `dispatch`, then the stages in the order of the pipeline.
  package var stages: [Stage]
  /// Those that have run longest, at most ``runLimit``.
  package var runs: [Run] = []
  package var pauses: [StagePause] = []
  package var circuits: [StatusReport.OpenCircuit] = []
  package var outbox = StatusReport.Outbox(count: 0, oldestAge: nil)
  package var workers = 0
  /// Why the broker could not be asked.
  package var brokerFailure: String?

  /// The most runs that a sample tells of one by one.
  package static let runLimit = 20

  package init(at: Timestamp, stages: [Stage]) {
    self.at = at
    self.stages = stages
  }
}
