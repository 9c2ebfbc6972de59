internal import Identifiers
internal import Pipeline
internal import Synchronization

/// The assets as this process has just recorded and planned them: the next stage's message comes back within moments,
/// and need not read them again.
///
/// What it holds may be old. It serves to find that a quick stage is ready; the claim and the inputs that are read with
/// it then prove so, and everything else is decided from the database.
final class RecentSnapshots: Sendable {
  private struct Entry {
    let snapshot: AssetSnapshot
    let plan: Plan
    let time: ContinuousClock.Instant
  }

  private struct State {
    var newest: [AssetID: Entry] = [:]
    var older: [AssetID: Entry] = [:]
  }

  /// Each half of what is kept.
  private static let limit = 1024
  private static let lifetime = Duration.seconds(5)
  private let state = Mutex(State())

  func note(_ snapshot: AssetSnapshot, _ plan: Plan) {
    let entry = Entry(snapshot: snapshot, plan: plan, time: .now)
    state.withLock { state in
      if state.newest.count >= Self.limit {
        state.older = state.newest
        state.newest = Dictionary(minimumCapacity: Self.limit)
      }
      state.newest[snapshot.asset.id] = entry
    }
  }

  subscript(asset: AssetID) -> (snapshot: AssetSnapshot, plan: Plan)? {
    guard let entry = state.withLock({ $0.newest[asset] ?? $0.older[asset] }), .now - entry.time < Self.lifetime else {
      return nil
    }
    return (entry.snapshot, entry.plan)
  }
}
