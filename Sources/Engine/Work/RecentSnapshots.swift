internal import Identifiers
internal import Pipeline
internal import Synchronization

/// The assets as this process has just recorded them: the next stage's message comes back within moments, and need not
/// read them again.
///
/// What it holds may be old. It serves to find that a quick stage is ready; the claim and the inputs that are read with
/// it then prove so, and everything else is decided from the database.
final class RecentSnapshots: Sendable {
  private struct State {
    var newest: [AssetID: (snapshot: AssetSnapshot, at: ContinuousClock.Instant)] = [:]
    var older: [AssetID: (snapshot: AssetSnapshot, at: ContinuousClock.Instant)] = [:]
  }

  /// Each half of what is kept.
  private static let limit = 1024
  private static let lifetime = Duration.seconds(5)
  private let state = Mutex(State())

  func note(_ snapshot: AssetSnapshot) {
    state.withLock { state in
      if state.newest.count >= Self.limit {
        state.older = state.newest
        state.newest.removeAll(keepingCapacity: true)
      }
      state.newest[snapshot.asset.id] = (snapshot, .now)
    }
  }

  subscript(asset: AssetID) -> AssetSnapshot? {
    state.withLock { state in
      guard let entry = state.newest[asset] ?? state.older[asset] else { return nil }
      return .now - entry.at < Self.lifetime ? entry.snapshot : nil
    }
  }
}
