import Engine
import JSON
import Pipeline
import Synchronization

/// A stage whose work is a closure, and which counts its runs.
final class TestStage: Stage {
  typealias Work = @Sendable (any StageContext) async throws(StageFailure) -> StageOutcome

  let declaration: StageDeclaration
  private let work: Work
  private let children: @Sendable (StageAsset) -> [ChildAsset]
  private let runs = Mutex<Int>(0)

  init(
    _ name: StaticString, reads: [Input], of mediaType: MediaType = .text, writes: String, version: Int = 1,
    policy: StagePolicy = StagePolicy(), work: @escaping Work = TestStage.combine,
    children: (@Sendable (StageAsset) -> [ChildAsset])? = nil
  ) {
    declaration = StageDeclaration(
      name: StageName(name), version: version, writes: ArtifactKind(rawValue: writes), reads: [mediaType: reads],
      policy: policy, hasChildren: children != nil)
    self.children = children ?? { _ in [] }
    self.work = work
  }

  var runCount: Int { runs.withLock { $0 } }

  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    runs.withLock { $0 += 1 }
    return try await work(context)
  }

  func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset] { children(parent) }

  /// An output that says what was read.
  static let combine: Work = { context in
    var members: [String: JSON] = [:]
    for kind in ["source", "title", "a", "b", "c", "d", "e"] {
      if let input = context.input(ArtifactKind(rawValue: kind)) {
        members[kind] = .string(String(input.fingerprint.description.prefix(12)))
      }
    }
    return .finished(StageOutput(value: .object(members)))
  }

  /// Fails permanently.
  static let refuse: Work = { _ throws(StageFailure) in throw .permanent("test.refused", "this asset is refused") }

  /// Runs until it is cancelled.
  static let block: Work = { _ throws(StageFailure) in
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    throw .transient("test.cancelled", "the stage was cancelled and blames itself")
  }
}

extension StageContext {
  /// The asset's title, by which tests choose what becomes of it.
  var title: String { input(.title)?.value.string ?? "" }
}

extension ArtifactKind {
  static let a = ArtifactKind(rawValue: "a")
  static let b = ArtifactKind(rawValue: "b")
  static let c = ArtifactKind(rawValue: "c")
}
