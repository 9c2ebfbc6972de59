internal import Engine
internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Shows how far the work on assets is, until nothing is left to do.
struct Progress: Sendable {
  let library: OpenLibrary
  let context: CommandContext

  private static let interval = Duration.milliseconds(250)

  /// Follows the assets and what is derived from them.
  func follow(_ roots: [AssetID]) async throws {
    guard !roots.isEmpty else { return }
    let pipeline = try library.pipeline
    let planner = Planner(
      pipeline: pipeline, definitions: try await Ledger.activeDefinitions(on: library.client))
    var line = context.progressLine()
    var open = Set(roots)
    while !open.isEmpty {
      let tally = try await look(at: Array(open), planner: planner)
      open.subtract(tally.finished)
      line.update("\(roots.count - open.count) of \(roots.count) finished · \(tally.busy.joined(separator: ", "))")
      if !open.isEmpty { try await Task.sleep(for: Self.interval) }
    }
    line.finish("\(roots.count) of \(roots.count) finished")
  }

  private struct Tally {
    var finished: Set<AssetID> = []
    /// The stages at work, with the number of assets.
    var busy: [String] = []
  }

  private func look(at roots: [AssetID], planner: Planner) async throws -> Tally {
    var tally = Tally()
    var busy: [StageName: Int] = [:]
    let rows = try await library.client.query(
      "select id, root from asset where root = any(\(roots.map(\.uuid))::uuid[])")
    var members: [AssetID: [UUID]] = [:]
    for row in rows {
      members[AssetID(try row["root", as: UUID.self]), default: []].append(try row["id", as: UUID.self])
    }
    for root in roots {
      let snapshots = try await Ledger.snapshots(of: members[root] ?? [], on: library.client)
      let plans = snapshots.values.filter { $0.state.lifecycle != .deleted }.map { planner.plan($0.state) }
      if !plans.isEmpty, plans.allSatisfy({ !$0.statuses.isEmpty && $0.isFinished }) { tally.finished.insert(root) }
      for plan in plans {
        for (stage, status) in plan.statuses {
          if case .running = status { busy[stage, default: 0] += 1 }
        }
      }
    }
    tally.busy = busy.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return tally
  }
}
