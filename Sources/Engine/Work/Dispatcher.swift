internal import Identifiers
internal import Pipeline
internal import PostgreSQL

/// Serves the entry names: announces all that can run now for an asset. What waits in bulk is announced in live as well
/// where somebody waits, and what is under way there goes on in live.
struct Dispatcher: Sendable {
  let works: Works

  func dispatch(_ taking: Taking, _ snapshot: AssetSnapshot) async throws(PostgresError) {
    guard let snapshot = try await activated(snapshot) else { return }
    let ready = works.planner.plan(snapshot.state).ready(in: works.pipeline)
    if taking.lane == .live, snapshot.state.runs.values.contains(where: \.isUnderWay) {
      try await works.ledger.hurry(snapshot.asset.id)
    }
    works.reached(.recorded, .dispatch)
    let trace = works.tracer.map { RunTrace(continuing: taking.trace, tracer: $0) }
    try await works.announce(ready, taking.going(on: taking.lane, in: trace), snapshot)
    trace?.record(dispatching: snapshot.asset.id, lane: taking.lane)
    works.reached(.announced, .dispatch)
  }

  /// An entry message makes a draft active.
  private func activated(_ snapshot: AssetSnapshot) async throws(PostgresError) -> AssetSnapshot? {
    guard snapshot.state.lifecycle == .draft else { return snapshot }
    try await works.ledger.activate(snapshot.asset.id)
    return try await works.ledger.snapshot(of: snapshot.asset.id)
  }
}

extension RunState {
  /// Whether it runs, or waits in the database.
  fileprivate var isUnderWay: Bool {
    switch phase {
    case .running, .parked: true
    case .requested, .done, .dead: false
    }
  }
}
