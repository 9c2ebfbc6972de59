package import Identifiers
internal import JSON
package import Pipeline
package import PostgreSQL

/// How the library does as a whole, at one moment of the database.
package struct StatusReport: Sendable, Equatable {
  /// Where a run is.
  package enum RunCondition: String, Sendable, CaseIterable {
    case running
    /// Its worker is gone; a scheduler announces it again.
    case orphaned
    /// Waiting for its time.
    case parked
    /// Somebody asked for it although it is merely outdated.
    case requested
    case done
    case dead
  }

  /// The runs of one stage.
  package struct StageRuns: Sendable, Equatable {
    /// The stage's name; also of one that this build does not know.
    package let stage: String
    /// How many runs are in each condition; conditions without any are left out.
    package var counts: [RunCondition: Int]
    /// When the first of the parked is due.
    package var nextDue: Timestamp?
    /// Dead letters that nobody dealt with.
    package var openDeadLetters: Int
  }

  /// Messages that wait to be published.
  package struct Outbox: Sendable, Equatable {
    package let count: Int
    /// How long the oldest that may be published has waited; nil if none has.
    package let oldestAge: Duration?

    package init(count: Int, oldestAge: Duration?) {
      self.count = count
      self.oldestAge = oldestAge
    }
  }

  /// A process that works now.
  package struct Worker: Sendable, Equatable {
    package let id: UUID
    package let host: String
    package let processID: Int64
    package let build: String
    /// Whose queues it consumes.
    package let stages: [String]
    package let startedAt: Timestamp
  }

  /// Assets of one media type in one part of their life.
  package struct AssetCount: Sendable, Equatable {
    package let mediaType: MediaType
    package let lifecycle: AssetState.Lifecycle
    package let count: Int
  }

  /// The database's clock when it was asked.
  package var at: Timestamp
  /// `dispatch`, the stages in the order of the pipeline, then those that only the database knows.
  package var stages: [StageRuns]
  package var outbox: Outbox
  /// The living, by host and process.
  package var workers: [Worker]
  package var assets: [AssetCount]
  /// Stages that somebody has stopped.
  package var pauses: [StagePause]
  /// What workers keep away from.
  package var circuits: [OpenCircuit]
  /// Nil if the broker was not asked.
  package var broker: BrokerStatus?

  /// When the first parked run of all is due.
  package var nextDue: Timestamp? { stages.compactMap(\.nextDue).min() }

  /// The runs of all stages in a condition.
  package func count(_ condition: RunCondition) -> Int { stages.reduce(0) { $0 + $1.counts[condition, default: 0] } }
}
