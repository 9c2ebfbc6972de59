package import JSON

/// What the planner and the topology know of a stage: everything but its work.
package struct StageDeclaration: Sendable {
  package let name: StageName
  package let writes: ArtifactKind
  /// What it reads, by the media types that it applies to.
  package let reads: [MediaType: [Input]]
  package let definition: StageDefinition
  package private(set) var policy: StagePolicy
  /// Whether its outputs stand for assets of their own.
  package let hasChildren: Bool

  package init(
    name: StageName, version: Int = 1, configuration: JSON = [:], writes: ArtifactKind, reads: [MediaType: [Input]],
    policy: StagePolicy = StagePolicy(), hasChildren: Bool = false
  ) {
    self.name = name
    self.writes = writes
    self.reads = reads
    self.definition = StageDefinition(stage: name, version: version, configuration: configuration)
    self.policy = policy
    self.hasChildren = hasChildren
  }

  /// The same stage under another policy.
  package func with(policy: StagePolicy) -> StageDeclaration {
    var copy = self
    copy.policy = policy
    return copy
  }
}
