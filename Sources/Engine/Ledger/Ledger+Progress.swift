internal import Identifiers
internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// Says how far a run is; for people, so it may be lost.
  package func report(progress: Double, of claim: Claim) {
    let progress = Float(min(max(progress, 0), 1))
    Task {
      try? await query(
        """
        update run set progress = \(progress)
        where asset = \(claim.asset.uuid) and stage = \(claim.stage.rawValue) and token = \(claim.token)
          and state = 'running'
        """)
    }
  }
}
