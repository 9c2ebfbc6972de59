package import JSON

/// What the planner and the topology know of a stage: everything but its work.
///
/// A class, as it is handed around with every message.
package final class StageDeclaration: Sendable {
  package let name: StageName
  package let writes: ArtifactKind
  /// What it reads, by the media types that it applies to.
  package let reads: [MediaType: [Input]]
  package let definition: StageDefinition
  package let policy: StagePolicy
  /// Whether its outputs stand for assets of their own.
  package let hasChildren: Bool

  package convenience init(
    name: StageName, version: Int = 1, configuration: JSON = [:], writes: ArtifactKind, reads: [MediaType: [Input]],
    policy: StagePolicy = StagePolicy(), hasChildren: Bool = false
  ) {
    self.init(
      definition: StageDefinition(stage: name, version: version, configuration: configuration), writes: writes,
      reads: reads, policy: policy, hasChildren: hasChildren)
  }

  private init(
    definition: StageDefinition, writes: ArtifactKind, reads: [MediaType: [Input]], policy: StagePolicy,
    hasChildren: Bool
  ) {
    name = definition.stage
    self.definition = definition
    self.writes = writes
    self.reads = reads
    self.policy = policy
    self.hasChildren = hasChildren
  }

  /// The same stage under another policy.
  package func with(policy: StagePolicy) -> StageDeclaration {
    StageDeclaration(
      definition: definition, writes: writes, reads: reads, policy: policy, hasChildren: hasChildren)
  }
}
