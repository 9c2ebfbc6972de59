/// What the planner says of every stage for one asset.
package struct Plan: Sendable, Equatable {
  package let asset: AssetID
  /// Empty for a draft and for a deleted asset.
  package let statuses: [StageName: StageStatus]
  /// The fingerprint that stages read for each settled kind; nil in it means settled and absent.
  package let settled: [ArtifactKind: Fingerprint?]

  package init(asset: AssetID, statuses: [StageName: StageStatus], settled: [ArtifactKind: Fingerprint?]) {
    self.asset = asset
    self.statuses = statuses
    self.settled = settled
  }

  /// The stages that can run now, in the order of the pipeline.
  package func ready(in pipeline: PipelineGraph) -> [StageName] {
    pipeline.stages.map(\.name).filter { statuses[$0]?.isReady == true }
  }

  /// The stages that a change of `kind` can have made ready: its readers, and through stages that settle without
  /// making anything (not applicable, blocked, dead) the readers of theirs.
  package func readyReaders(of kind: ArtifactKind, in pipeline: PipelineGraph) -> [StageName] {
    var kinds = [kind]
    var seen: Set<StageName> = []
    while let kind = kinds.popLast() {
      for reader in pipeline.readers(of: kind) where seen.insert(reader.name).inserted {
        switch statuses[reader.name] {
        case .notApplicable, .blocked, .dead: kinds.append(reader.writes)
        default: break
        }
      }
    }
    return ready(in: pipeline).filter(seen.contains)
  }

  /// Whether nothing waits, runs or is about to.
  package var isFinished: Bool { !statuses.values.contains(where: \.isPending) }
}
