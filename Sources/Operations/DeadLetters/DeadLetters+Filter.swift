internal import Engine
package import Pipeline
package import PostgreSQL

extension DeadLetters {
  /// Which dead letters; all open ones if nothing is said.
  package struct Filter: Sendable, Equatable {
    package var stage: StageName?
    /// The name of a group.
    package var group: String?
    package var errorCode: String?
    /// Not those from before.
    package var since: Timestamp?
    /// What became of them; nil for whatever did.
    package var state: DeadLetterState?

    package init(
      stage: StageName? = nil, group: String? = nil, errorCode: String? = nil, since: Timestamp? = nil,
      state: DeadLetterState? = .open
    ) {
      self.stage = stage
      self.group = group
      self.errorCode = errorCode
      self.since = since
      self.state = state
    }

    /// The filter as a condition on rows of `dead_letter`.
    var condition: SQL {
      var sql: SQL = "true"
      if let state { sql += " and state = \(state.rawValue)" }
      if let stage { sql += " and queue = \(Topology.deadLetterQueue(stage))" }
      if let group { sql += " and group_name = \(group)" }
      if let errorCode { sql += " and error_code = \(errorCode)" }
      if let since { sql += " and at >= \(since)" }
      return sql
    }
  }
}
