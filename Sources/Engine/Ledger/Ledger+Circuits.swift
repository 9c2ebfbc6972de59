package import Identifiers
package import PostgreSQL

extension Ledger {
  /// Says which dependencies a worker keeps away from; the others' circuits are closed.
  package static func write(
    _ reports: [Circuits.Report], of worker: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) {
    _ = try await connection.query(
      """
      delete from circuit where worker = \(worker) and dependency <> all(\(reports.map(\.dependency))::text[])
      """)
    guard !reports.isEmpty else { return }
    _ = try await connection.query(
      """
      insert into circuit (worker, dependency, state, since, reason)
      select \(worker), dependency, state, to_timestamp(since / 1000.0), reason from unnest(
        \(reports.map(\.dependency))::text[], \(reports.map(\.state.rawValue))::text[],
        \(reports.map(\.since.millisecondsSince1970))::int8[], \(reports.map(\.reason.withoutNUL))::text[]
      ) as u (dependency, state, since, reason)
      on conflict (worker, dependency) do update set
        state = excluded.state, since = excluded.since, reason = excluded.reason
      """)
  }
}
