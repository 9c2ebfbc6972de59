/// What the planner says of one stage for one asset.
package enum StageStatus: Sendable, Equatable {
  /// It has nothing to do for this asset, and says why.
  case notApplicable(NotApplicable)
  /// Inputs are not settled yet.
  case waiting(for: [ArtifactKind])
  /// A required input will not come by itself: its stage is dead, or blocked in turn.
  case blocked(by: ArtifactKind)
  /// The artifact is what the recipe would make; or a person pinned one in its place.
  case upToDate(isPinned: Bool)
  /// Stale, settled and idle: it can run now.
  case ready(Recipe)
  /// Only the definition changed: it runs when someone says so.
  case outdated(Recipe)
  /// A living worker has claimed this recipe.
  case running(Recipe)
  /// Waiting in the database for its time.
  case parked(Recipe)
  /// Given up for these inputs.
  case dead(Recipe)

  package enum NotApplicable: Sendable, Equatable {
    /// The stage does not serve this media type.
    case mediaType
    /// Nobody gave what it needs, or no stage makes it for this asset.
    case missing(ArtifactKind)
    /// It applies only where this is absent.
    case present(ArtifactKind)
  }

  /// Whether the stage can run now.
  package var isReady: Bool {
    if case .ready = self { true } else { false }
  }

  /// Whether the stage needs no run, and whether it does hung on `kind`, which it reads.
  func settles(with kind: ArtifactKind) -> Bool {
    switch self {
    case .upToDate(isPinned: false), .outdated, .dead: true
    case .notApplicable(.missing(let cause)), .notApplicable(.present(let cause)), .blocked(by: let cause):
      cause == kind
    case .notApplicable(.mediaType), .upToDate(isPinned: true), .waiting, .ready, .running, .parked: false
    }
  }

  /// Whether work of this recipe waits, runs or is about to: without new messages the asset is not finished.
  package var isPending: Bool {
    switch self {
    case .waiting, .ready, .running, .parked: true
    case .notApplicable, .blocked, .upToDate, .outdated, .dead: false
    }
  }
}
