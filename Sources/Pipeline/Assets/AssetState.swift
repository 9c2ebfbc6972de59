/// All that the planner needs to know of one asset, as the database held it at one moment.
package struct AssetState: Sendable, Equatable {
  /// Where an asset is in its life.
  package enum Lifecycle: String, Sendable {
    /// Known, but no entry message came yet: nothing is planned.
    case draft
    case active
    /// A tombstone: messages for it are dropped.
    case deleted
  }

  package let id: AssetID
  package let mediaType: MediaType
  package let organisation: String
  package var lifecycle: Lifecycle
  /// What people gave.
  package var given: [ArtifactKind: Fingerprint]
  /// What stages wrote.
  package var artifacts: [ArtifactKind: ArtifactState]
  /// Artifacts that a person edited by hand; they outrank what stages wrote.
  package var pins: [ArtifactKind: Fingerprint]
  package var runs: [StageName: RunState]

  package init(
    id: AssetID, mediaType: MediaType, organisation: String, lifecycle: Lifecycle,
    given: [ArtifactKind: Fingerprint] = [:], artifacts: [ArtifactKind: ArtifactState] = [:],
    pins: [ArtifactKind: Fingerprint] = [:], runs: [StageName: RunState] = [:]
  ) {
    self.id = id
    self.mediaType = mediaType
    self.organisation = organisation
    self.lifecycle = lifecycle
    self.given = given
    self.artifacts = artifacts
    self.pins = pins
    self.runs = runs
  }
}

/// A recorded artifact, without its content.
package struct ArtifactState: Sendable, Equatable {
  package let fingerprint: Fingerprint
  /// The recipe that made it.
  package let recipe: Recipe
  /// It says that there is nothing ("no speech"); a result like any other.
  package let isEmpty: Bool

  package init(fingerprint: Fingerprint, recipe: Recipe, isEmpty: Bool = false) {
    self.fingerprint = fingerprint
    self.recipe = recipe
    self.isEmpty = isEmpty
  }
}

/// The last run of a stage for an asset.
package struct RunState: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// Claimed. `isAlive`: the claiming worker still renews its lease.
    case running(isAlive: Bool)
    /// Waiting for a time; `isDue`: that time has come.
    case parked(isDue: Bool)
    /// Someone asked for it although it is merely outdated.
    case requested
    case done
    /// Given up.
    case dead
  }

  package let recipe: Recipe
  package let phase: Phase

  package init(recipe: Recipe, phase: Phase) {
    self.recipe = recipe
    self.phase = phase
  }
}
