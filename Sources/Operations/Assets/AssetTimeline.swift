package import Identifiers
internal import JSON
package import Pipeline
package import PostgreSQL

/// What happened to an asset, as far as the database remembers.
package struct AssetTimeline: Sendable, Equatable {
  /// Money or its like, paid to a provider or about to be.
  package struct Charge: Sendable, Equatable {
    package let id: UUID
    package let stage: String
    package let provider: String
    package let units: Double
    package let unit: String
    /// Whether the work that it was for was recorded.
    package let isSettled: Bool
  }

  /// What can happen.
  package enum Happening: Sendable, Equatable {
    case created(owner: String)
    /// The latest of the edits: earlier ones leave no trace.
    case edited(revision: Int64)
    case pinned(ArtifactKind, by: String)
    /// A run was recorded, however it ended.
    case run(RunEvent)
    /// A run that has begun and not ended.
    case started(stage: String, attempt: Int, worker: WorkerName?)
    /// A provider was paid, or was about to be.
    case charged(Charge)
    /// A message was given up on.
    case deadLetter(UUID, stage: String?, errorCode: String)
    case deleted
    /// Its derived data and content were erased for good.
    case erased
  }

  /// Something that happened, and when.
  package struct Event: Sendable, Equatable {
    package let at: Timestamp
    package let happening: Happening
  }

  package let asset: AssetCard
  /// The oldest first.
  package let events: [Event]
  /// Whether there were more than were asked for; the oldest are left out then.
  package let isCut: Bool
}
