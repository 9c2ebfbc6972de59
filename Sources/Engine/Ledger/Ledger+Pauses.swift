internal import Pipeline
internal import PostgreSQL

extension Ledger {
  /// The stages that are paused now, each with who paused it and why.
  func pauses() async throws(PostgresError) -> [StageName: String] {
    var pauses: [StageName: String] = [:]
    for row in try await query("select stage, owner, reason from stage_pause where until > now()") {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      pauses[stage] = "\(try row["reason", as: String.self]) (\(try row["owner", as: String.self]))"
    }
    return pauses
  }
}
