internal import JSON
internal import Pipeline

/// A stage that does nothing but leave a value about as long as the peers' message.
struct IdleStage: Stage {
  let declaration: StageDeclaration

  private init(_ name: StageName, reads: ArtifactKind) {
    declaration = StageDeclaration(
      name: name, writes: ArtifactKind(rawValue: "\(name)-result"), reads: [.text: [.required(reads)]])
  }

  /// Five in a row, and one that no worker of the benchmark serves: its queue collects.
  static let pipeline: [IdleStage] = {
    var stages: [IdleStage] = []
    for name in served + [collecting] {
      stages.append(IdleStage(name, reads: stages.last?.declaration.writes ?? .source))
    }
    return stages
  }()

  static let served: [StageName] = [
    StageName("one"), StageName("two"), StageName("three"), StageName("four"), StageName("five"),
  ]
  private static let collecting = StageName("end")
  private static let pad = JSON.string(String(repeating: "x", count: 150))

  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    .finished(StageOutput(value: ["asset": .string(context.asset.id.description), "pad": Self.pad]))
  }
}
