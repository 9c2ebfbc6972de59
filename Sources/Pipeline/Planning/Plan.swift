/// What the planner says of every stage for one asset.
package struct Plan: Sendable, Equatable {
  package let asset: AssetID
  package let mediaType: MediaType
  /// Empty for a draft and for a deleted asset.
  package let statuses: [StageName: StageStatus]
  /// The fingerprint that stages read for each settled kind; nil in it means settled and absent.
  package let settled: [ArtifactKind: Fingerprint?]

  package init(
    asset: AssetID, mediaType: MediaType, statuses: [StageName: StageStatus], settled: [ArtifactKind: Fingerprint?]
  ) {
    self.asset = asset
    self.mediaType = mediaType
    self.statuses = statuses
    self.settled = settled
  }

  /// The stages that can run now, in the order of the pipeline.
  package func ready(in pipeline: PipelineGraph) -> [StageName] {
    pipeline.stages.map(\.name).filter { statuses[$0]?.isReady == true }
  }

  /// The stages that a change of `kind` can have made ready: its readers, and through stages that this settles without
  /// a run (given up, not applicable, up to date after all) the readers of theirs.
  package func readyReaders(of kind: ArtifactKind, in pipeline: PipelineGraph) -> [StageName] {
    var kinds = [kind]
    var seen: Set<ArtifactKind> = []
    var readers: Set<StageName> = []
    while let kind = kinds.popLast() {
      for reader in pipeline.readers(of: kind, in: mediaType) {
        readers.insert(reader.name)
        if statuses[reader.name]?.settles(with: kind) == true, seen.insert(reader.writes).inserted {
          kinds.append(reader.writes)
        }
      }
    }
    return ready(in: pipeline).filter(readers.contains)
  }

  /// What to announce once `stage` was recorded or found settled: the stages that this made ready, and the stage itself
  /// where what it reads has changed while it ran.
  package func announcements(after stage: StageDeclaration, in pipeline: PipelineGraph) -> [StageName] {
    let again = statuses[stage.name]?.isReady == true ? [stage.name] : []
    return again + readyReaders(of: stage.writes, in: pipeline)
  }

  /// Whether nothing waits, runs or is about to.
  package var isFinished: Bool { !statuses.values.contains(where: \.isPending) }
}
