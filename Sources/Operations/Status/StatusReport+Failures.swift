internal import Identifiers
internal import JSON
package import PostgreSQL

extension StatusReport {
  /// A dependency that a living worker keeps away from.
  package struct OpenCircuit: Sendable, Equatable {
    package let worker: WorkerName
    package let dependency: String
    /// `open`, or `half-open` while one call tries whether it is back.
    package let state: String
    package let since: Timestamp
    package let reason: String
  }

  static func circuits(on connection: some PostgresQueryable) async throws(PostgresError) -> [OpenCircuit] {
    var circuits: [OpenCircuit] = []
    let rows = try await connection.query(
      """
      select c.*, w.host, w.process_id from circuit c join worker w on w.id = c.worker
      where w.lease_until > now() order by c.dependency, w.host, w.process_id
      """)
    for row in rows {
      guard let worker = try WorkerName(row) else { continue }
      circuits.append(
        OpenCircuit(
          worker: worker, dependency: try row["dependency", as: String.self], state: try row["state", as: String.self],
          since: try row["since", as: Timestamp.self], reason: try row["reason", as: String.self]))
    }
    return circuits
  }
}

extension StatusReport.OpenCircuit {
  var json: JSON {
    [
      "worker": worker.json, "dependency": .string(dependency), "state": .string(state), "since": .time(since),
      "reason": .string(reason),
    ]
  }
}
