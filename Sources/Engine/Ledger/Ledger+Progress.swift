internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Says how far a run is; for people, so it may be lost, and does not wait for a database that is down.
  package func report(progress: Double, of claim: Claim) {
    guard !isDown else { return }
    let progress = Float(min(max(progress, 0), 1))
    Task {
      try? await client.query(
        """
        update run set progress = \(progress)
        where asset = \(claim.asset.uuid) and stage = \(claim.stage.rawValue) and token = \(claim.token)
          and state = 'running'
        """)
    }
  }
}
