internal import Engine
internal import Glibc
internal import JSON
package import Pipeline

/// A small pipeline with one stage of each kind: quick ones with a join, a costly one with windows, one with children.
enum FaultPipeline {
  static let windows = 3

  static var stages: [any Stage] {
    [
      FaultStage("one", reads: [.required(.source)], writes: "a"),
      FaultStage("two", reads: [.required("a")], writes: "b"),
      FaultStage("three", reads: [.required("a"), .optional(.title)], writes: "c") { context in
        if context.input(.title)?.value == "poison" { kill(getpid(), SIGKILL) }
        return .finished(StageOutput(value: .string(context.asset.id.description)))
      },
      FaultStage("four", reads: [.optional("b"), .optional("c")], writes: "d"),
      FaultStage("costly", reads: [.required(.source)], writes: "e", policy: StagePolicy(cost: .costly)) {
        context throws(StageFailure) in
        for number in try await context.recordedWindows().count..<windows {
          let window = try await context.ask("test", units: 1, of: "window") { JSON.integer(Int64(number)) }
          try await context.record(window: window, number: number)
        }
        return .finished(StageOutput(value: .array(try await context.recordedWindows())))
      },
      FaultStage("frames", reads: [.required(.source)], writes: "f", hasChildren: true),
      FaultStage("child", reads: [.required(.source)], of: .keyframe, writes: "g"),
    ]
  }
}

/// A stage whose work is a closure; its children, where it has some, are two key frames.
struct FaultStage: Stage {
  typealias Work = @Sendable (any StageContext) async throws(StageFailure) -> StageOutcome

  let declaration: StageDeclaration
  private let work: Work

  init(
    _ name: StaticString, reads: [Input], of mediaType: MediaType = .text, writes: ArtifactKind,
    policy: StagePolicy = StagePolicy(), hasChildren: Bool = false,
    work: @escaping Work = { context in .finished(StageOutput(value: .string(context.asset.id.description))) }
  ) {
    declaration = StageDeclaration(
      name: StageName(name), writes: writes, reads: [mediaType: reads], policy: policy, hasChildren: hasChildren)
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
