import Engine
import Identifiers
import Operations
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport

/// `first` refuses what is called poison until it is mended, `second` needs what it makes, `other` needs neither.
final class BreakablePipeline: Sendable {
  private let isBroken = Mutex(true)

  var stages: [TestStage] { made.withLock { $0 } }
  private let made = Mutex<[TestStage]>([])

  init() {
    let first = TestStage("first", reads: [.required(.source), .optional(.title)], writes: "a") {
      [unowned self] context throws(StageFailure) in
      guard context.title != "poison" || !isBroken.withLock({ $0 }) else { return try await TestStage.refuse(context) }
      return try await TestStage.combine(context)
    }
    made.withLock { $0 = [first] + Self.sound().dropFirst() }
  }

  /// Refuses nothing any more.
  func mend() { isBroken.withLock { $0 = false } }

  /// The same stages, of which none refuses anything.
  static func sound(version: Int = 1) -> [TestStage] {
    [
      TestStage("first", reads: [.required(.source), .optional(.title)], writes: "a", version: version),
      TestStage("second", reads: [.required(.a)], writes: "b"),
      TestStage("other", reads: [.required(.source)], writes: "c"),
    ]
  }
}

extension EngineHarness {
  var replays: Replays {
    get throws { Replays(Library(client: client, pipeline: try PipelineGraph(stages.map(\.declaration)))) }
  }

  /// The same library with other stages.
  func with(stages: [any Stage]) -> EngineHarness {
    EngineHarness(
      stages: stages, client: client, brokerURL: brokerURL, databaseURL: databaseURL, folder: folder, blobs: blobs,
      loop: loop)
  }

  /// Hands in texts, the first of them poisoned.
  func addSome(_ count: Int, poisoned: Int = 0) async throws -> [AssetID] {
    var ids: [AssetID] = []
    for index in 0..<count {
      ids.append(try await add("asset-\(index)", title: index < poisoned ? "poison" : "good"))
    }
    return ids
  }

  /// Starts a replay and waits for its end.
  func replayed(_ request: ReplayRequest) async throws -> ReplayReport {
    try await ended(try await replays.start(request).id)
  }

  /// Waits until nothing more comes of a replay.
  func ended(_ id: UUID, within limit: Duration = .seconds(30)) async throws -> ReplayReport {
    let replays = try replays
    try await eventually("the replay \(id) has ended", within: limit) { try await replays.report(id).finishedAt != nil }
    return try await replays.report(id)
  }
}
