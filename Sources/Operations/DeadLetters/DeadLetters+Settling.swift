internal import Engine
package import Identifiers
internal import Pipeline
internal import PostgreSQL

extension DeadLetters {
  /// Which letters to deal with.
  package enum Selection: Sendable, Equatable {
    /// These, all or none; in a group if that is given.
    case letters([UUID], in: String?)
    /// All of a group that can be dealt with so.
    case group(String)
  }

  /// The most letters by id at a time.
  package static let mostLetters = 1000
  /// Letters of a group that are dealt with in one transaction.
  private static let batch = 5000

  /// Puts open letters out of the way. Their messages leave the queue with the next sweep.
  ///
  /// - Returns: how many.
  /// - Throws: ``OperationError``; then none of the letters that were named has changed.
  package func archive(
    _ selection: Selection, by person: String, reason: String
  ) async throws(OperationError) -> Int {
    try await settle(selection, .archive, from: [.open], to: .archived, by: person, reason: reason)
  }

  /// Gives letters up that are open or archived. They can be restored until they are erased after a while.
  ///
  /// - Returns: how many.
  /// - Throws: ``OperationError``; then none of the letters that were named has changed.
  package func discard(
    _ selection: Selection, by person: String, reason: String
  ) async throws(OperationError) -> Int {
    try await settle(selection, .discard, from: [.open, .archived], to: .discarded, by: person, reason: reason)
  }

  /// Opens letters again that were archived or discarded. Their messages are back in the queue after the next sweep.
  ///
  /// - Returns: how many.
  /// - Throws: ``OperationError``; then none of the letters that were named has changed.
  package func restore(
    _ selection: Selection, by person: String, reason: String
  ) async throws(OperationError) -> Int {
    try await settle(selection, .restore, from: [.archived, .discarded], to: .open, by: person, reason: reason)
  }

  private func settle(
    _ selection: Selection, _ action: DeadLetterChange.Action, from states: [DeadLetterState],
    to state: DeadLetterState,
    by person: String, reason: String
  ) async throws(OperationError) -> Int {
    let step = Step(action: action, states: states, state: state, person: person, reason: reason)
    switch selection {
    case .letters(let ids, let group):
      return try await settle(Array(Set(ids)), in: group, step)
    case .group(let name):
      _ = try await self.group(name)
      var total = 0
      while true {
        let count: Int
        do throws(PostgresError) {
          // Only the first letters of a group are looked for: they leave the index's range as they change.
          count = try await library.client.committing { connection throws(PostgresError) in
            try await Self.take(step, where: "group_name = \(name)", order: "at, id", on: connection)
          }
        } catch { throw .database(error) }
        total += count
        if count < Self.batch { return total }
      }
    }
  }

  /// Deals with all of these letters, or with none.
  private func settle(_ ids: [UUID], in group: String?, _ step: Step) async throws(OperationError) -> Int {
    let isDone: Bool
    do throws(PostgresTransactionError<Incomplete>) {
      isDone = try await library.client.withTransaction(attempts: 5) { connection throws(Incomplete) in
        var condition: SQL = "id = any(\(ids)::uuid[])"
        if let group { condition += " and group_name = \(group)" }
        let count: Int
        do throws(PostgresError) {
          count = try await Self.take(step, where: condition, order: "id", on: connection)
        } catch { throw .database(error) }
        guard count == ids.count else { throw .some }
        return true
      }
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw .database(error)
      case .body(.database(let error), _, _): throw .database(error)
      case .body(.some, _, _): isDone = false
      }
    }
    if !isDone { throw try await whyNot(ids, in: group, step) }
    return ids.count
  }

  /// Not all that were named can be dealt with.
  private enum Incomplete: Error {
    case some
    case database(PostgresError)
  }

  private struct Step: Sendable {
    let action: DeadLetterChange.Action
    let states: [DeadLetterState]
    let state: DeadLetterState
    let person: String
    let reason: String
  }

  private static func take(
    _ step: Step, where condition: SQL, order: SQL, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Int {
    try await connection.query(
      """
      with chosen as materialized (
        select id, state from dead_letter where \(condition) and state = any(\(step.states.map(\.rawValue))::text[])
        order by \(order) limit \(Int64(batch)) for no key update
      ), changed as (
        update dead_letter d set state = \(step.state.rawValue),
          settled_at = case when \(step.state != .open) then now() end
        from chosen c where d.id = c.id
        returning d.id, d.group_name, c.state
      ), noted as (
        insert into dead_letter_change (letter, group_name, action, person, reason, state_before, state_after)
        select id, group_name, \(step.action.rawValue), \(step.person), \(step.reason), state, \(step.state.rawValue)
        from changed
      )
      select count(*) as count from changed
      """
    ).one().count("count")
  }

  /// Which letter it was that could not be dealt with.
  private func whyNot(_ ids: [UUID], in group: String?, _ step: Step) async throws(OperationError) -> OperationError {
    let rows: [(UUID, String, String)]
    do throws(PostgresError) {
      rows = try await library.client.query(
        "select id, state, group_name from dead_letter where id = any(\(ids)::uuid[])",
        as: (UUID, String, String).self)
    } catch { throw .database(error) }
    let known = Dictionary(rows.map { ($0.0, $0) }) { first, _ in first }
    for id in ids {
      guard let (_, state, itsGroup) = known[id] else { return .unknownDeadLetter(id) }
      if let group, group != itsGroup { return .otherGroup(id, itsGroup) }
      if let state = DeadLetterState(rawValue: state), !step.states.contains(state) {
        return .deadLetterState(id, state, expected: step.states)
      }
    }
    return .changedMeanwhile
  }
}
