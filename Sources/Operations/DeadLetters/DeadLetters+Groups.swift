internal import Engine
package import Pipeline
package import PostgreSQL

extension DeadLetters {
  /// The most groups at a time.
  package static let mostGroups = 1000

  /// Groups, the one that grew last first. Their counters are kept as letters are written: nothing is counted here.
  ///
  /// - Parameters:
  ///   - stage: of this one only; of all if nil.
  ///   - includesSettled: also groups of which no letter is open.
  ///   - limit: at most so many, 1 to ``mostGroups``.
  package func groups(
    stage: StageName? = nil, includesSettled: Bool = false, limit: Int = 100
  ) async throws(PostgresError) -> [DeadLetterGroupReport] {
    var condition: SQL = includesSettled ? "true" : "open > 0"
    if let stage { condition += " and queue = \(Topology.deadLetterQueue(stage))" }
    return try await groups(where: condition, limit: limit)
  }

  /// One group.
  ///
  /// - Throws: ``OperationError/unknownGroup(_:)``, or the database's error.
  package func group(_ name: String) async throws(OperationError) -> DeadLetterGroupReport {
    let found: [DeadLetterGroupReport]
    do throws(PostgresError) { found = try await groups(where: "name = \(name)", limit: 1) } catch {
      throw .database(error)
    }
    guard let group = found.first else { throw .unknownGroup(name) }
    return group
  }

  /// A build is newer if it began to take the stage after the group's first letter and is none of those that gave up.
  private func groups(where condition: SQL, limit: Int) async throws(PostgresError) -> [DeadLetterGroupReport] {
    try await library.client.query(
      """
      select g.*, (
        select w.build from worker w
        where w.lease_until > now() and w.started_at > g.first_seen and w.build <> all(g.builds)
          and (g.stage is null or g.stage = any(w.stages))
        order by w.started_at desc limit 1) as newer_build
      from dead_letter_group g where \(condition)
      order by last_seen desc, name limit \(Int64(min(max(limit, 1), Self.mostGroups)))
      """
    ).map { row throws(PostgresError) in try DeadLetterGroupReport(row) }
  }

  /// Writes a person's note on a group, in place of the one before; none if the text is empty.
  ///
  /// - Throws: ``OperationError/unknownGroup(_:)``, or the database's error.
  package func note(_ text: String, on group: String, by person: String) async throws(OperationError) {
    let note = text.isEmpty ? nil : text
    let rows: PostgresRows
    do throws(PostgresError) {
      rows = try await library.client.query(
        """
        with g as (
          update dead_letter_group set note = \(note), noted_by = \(person), noted_at = now() where name = \(group)
          returning name
        )
        insert into dead_letter_change (group_name, action, person, reason) select name, 'note', \(person), \(text) from g
        returning id
        """)
    } catch { throw .database(error) }
    guard !rows.isEmpty else { throw .unknownGroup(group) }
  }
}
