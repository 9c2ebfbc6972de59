import Engine
import JSON
import Pipeline
import Synchronization

/// A stage whose work is a closure, and which counts its runs by recipe.
final class TestStage: Stage {
  typealias Work = @Sendable (any StageContext) async throws(StageFailure) -> StageOutcome

  let declaration: StageDeclaration
  private let work: Work
  private let runs = Mutex<Int>(0)

  init(
    _ name: StaticString, reads: [Input], writes: String, version: Int = 1, policy: StagePolicy = StagePolicy(),
    work: @escaping Work = TestStage.combine
  ) {
    declaration = StageDeclaration(
      name: StageName(name), version: version, writes: ArtifactKind(rawValue: writes), reads: [.text: reads],
      policy: policy)
    self.work = work
  }

  var runCount: Int { runs.withLock { $0 } }

  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    runs.withLock { $0 += 1 }
    return try await work(context)
  }

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
}
