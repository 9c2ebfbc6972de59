internal import Engine
internal import FoundationEssentials
internal import Glibc
internal import JSON
package import Pipeline

/// A small pipeline with one stage of each kind: quick ones with a join, one with content, a costly one with windows,
/// one with children.
struct FaultPipeline {
  static let windows = 3

  let provider: Provider
  /// Of the stage `two`.
  let version: Int

  var stages: [any Stage] {
    [
      FaultStage("one", reads: [.required(.source)], writes: "a"),
      FaultStage("two", version: version, reads: [.required("a")], writes: "b"),
      FaultStage("three", reads: [.required("a"), .optional(.title)], writes: "c", work: Self.store),
      FaultStage("four", reads: [.optional("b"), .optional("c")], writes: "d"),
      // One at a time in a process, so that a death costs at most one call.
      FaultStage(
        "costly", reads: [.required(.source)], writes: "e", policy: StagePolicy(concurrency: 1, cost: .costly),
        work: pay),
      FaultStage("frames", reads: [.required(.source)], writes: "f", hasChildren: true),
      FaultStage("child", reads: [.required(.source)], of: .keyframe, writes: "g"),
    ]
  }

  /// Writes content; kills its process where the title says so.
  private static func store(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    if context.input(.title)?.value == "poison" { kill(getpid(), SIGKILL) }
    let path = "\(context.scratchFolder)/content"
    do { try Data(context.asset.id.description.utf8).write(to: URL(filePath: path)) } catch {
      throw .transient("scratch.unusable", "cannot write \(path): \(error)")
    }
    let content = try await context.store(file: path)
    return .finished(StageOutput(value: .string(context.asset.id.description), blob: content))
  }

  /// Pays for each window that is not recorded yet.
  private func pay(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    for number in try await context.recordedWindows().count..<Self.windows {
      let window = try await context.ask("test", units: 1, of: "window") { () throws(StageFailure) in
        try await provider.call(number, of: context.asset.id)
        return JSON.integer(Int64(number))
      }
      try await context.record(window: window, number: number)
    }
    return .finished(StageOutput(value: .array(try await context.recordedWindows())))
  }
}

/// A stage whose work is a closure; its children, where it has some, are two key frames.
struct FaultStage: Stage {
  typealias Work = @Sendable (any StageContext) async throws(StageFailure) -> StageOutcome

  let declaration: StageDeclaration
  private let work: Work

  init(
    _ name: StaticString, version: Int = 1, reads: [Input], of mediaType: MediaType = .text, writes: ArtifactKind,
    policy: StagePolicy = StagePolicy(), hasChildren: Bool = false,
    work: @escaping Work = { context in .finished(StageOutput(value: .string(context.asset.id.description))) }
  ) {
    declaration = StageDeclaration(
      name: StageName(name), version: version, writes: writes, reads: [mediaType: reads], policy: policy,
      hasChildren: hasChildren)
    self.work = work
  }

  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome { try await work(context) }

  func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset] {
    [1, 2].map { time in
      ChildAsset(
        id: AssetID(keyFrameOf: parent.id, milliseconds: time, picture: output.fingerprint), mediaType: .keyframe,
        title: "", offsetMilliseconds: time, source: BlobReference(digest: output.fingerprint, size: 1))
    }
  }
}

extension ArtifactKind: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self.init(rawValue: value) }
}
