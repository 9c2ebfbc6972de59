internal import Engine
package import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

extension DeadLetters {
  /// Changes the message of a letter that is open or archived. It keeps its id, its asset and its stage: a replay asks
  /// for the same work as before. The message in the queue follows with the next sweep.
  ///
  /// - Throws: ``OperationError/refusedEdit(_:)`` for what cannot be changed so, or another ``OperationError``.
  package func edit(
    _ id: UUID, _ edit: DeadLetterEdit, by person: String, reason: String
  ) async throws(OperationError) {
    guard !edit.isEmpty else { throw .refusedEdit("nothing to change") }
    let now = Timestamp.now.millisecondsSince1970
    try await change(id, by: person, reason: reason) { letter, _ throws(OperationError) in
      let message = try edit.message(
        asset: letter.asset, stage: letter.stage.flatMap(StageName.init(rawValue:)), now: now)
      return Content(
        headers: try edit.headers(from: letter.content.headers), body: edit.body ?? letter.content.body,
        asset: message?.asset ?? letter.asset)
    }
  }

  /// Takes back the last edit of a letter.
  ///
  /// - Throws: ``OperationError/refusedEdit(_:)`` if there is none, or another ``OperationError``.
  package func undoEdit(_ id: UUID, by person: String, reason: String) async throws(OperationError) {
    let now = Timestamp.now.millisecondsSince1970
    try await change(id, by: person, reason: reason) { letter, connection throws(OperationError) in
      let last: DeadLetterChange?
      do throws(PostgresError) {
        last = try await Self.changes(of: id, on: connection).last { $0.action == .edit }
      } catch { throw .database(error) }
      guard let last else { throw .refusedEdit("the dead letter \(id) was never edited") }
      let body = last.before.body ?? letter.content.body
      let asset = (try? Message(decoding: body, now: now))?.asset
      return Content(headers: last.before.headers ?? letter.content.headers, body: body, asset: asset)
    }
  }

  /// What an edit can change.
  private struct Content: Sendable, Equatable {
    let headers: JSON
    let body: [UInt8]
    let asset: AssetID?
  }

  private struct Letter: Sendable {
    let stage: String?
    let content: Content
    var asset: AssetID? { content.asset }

    init(_ row: PostgresRow) throws(PostgresError) {
      stage = try row["stage", as: String?.self]
      content = Content(
        headers: try row.json("headers"), body: try row["body", as: [UInt8].self],
        asset: try row["asset", as: UUID?.self].map(AssetID.init))
    }
  }

  private func change(
    _ id: UUID, by person: String, reason: String,
    _ body: (Letter, PostgresTransaction) async throws(OperationError) -> Content
  ) async throws(OperationError) {
    do throws(PostgresTransactionError<OperationError>) {
      try await library.client.withTransaction(attempts: 5) { connection throws(OperationError) in
        let letter = try await Self.lock(id, on: connection)
        let content = try await body(letter, connection)
        guard content != letter.content else { throw .refusedEdit("nothing to change: it is so already") }
        do throws(PostgresError) {
          try await Self.write(content, over: letter.content, of: id, by: person, reason: reason, on: connection)
        } catch { throw .database(error) }
      }
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw .database(error)
      case .body(let error, _, _): throw error
      }
    }
  }

  private static func lock(_ id: UUID, on connection: PostgresTransaction) async throws(OperationError) -> Letter {
    let found: (letter: Letter, state: DeadLetterState)?
    do throws(PostgresError) {
      let rows = try await connection.query("select * from dead_letter where id = \(id) for no key update")
      found =
        if let row = rows.first { (try Letter(row), try row.word("state", as: DeadLetterState.self)) } else { nil }
    } catch { throw .database(error) }
    guard let found else { throw .unknownDeadLetter(id) }
    guard found.state == .open || found.state == .archived else {
      throw .deadLetterState(id, found.state, expected: [.open, .archived])
    }
    return found.letter
  }

  private static func write(
    _ new: Content, over old: Content, of id: UUID, by person: String, reason: String,
    on connection: PostgresTransaction
  ) async throws(PostgresError) {
    func text(_ headers: JSON) -> JSONText? {
      new.headers == old.headers ? nil : JSONText(bytes: headers.canonicalBytes)
    }
    func bytes(_ body: [UInt8]) -> [UInt8]? { new.body == old.body ? nil : body }
    try await connection.query(
      """
      with l as (
        update dead_letter set headers = \(JSONText(bytes: new.headers.canonicalBytes)), body = \(new.body),
          asset = \(new.asset?.uuid)
        where id = \(id) returning id, group_name
      )
      insert into dead_letter_change
        (letter, group_name, action, person, reason, headers_before, headers_after, body_before, body_after)
      select id, group_name, 'edit', \(person), \(reason), \(text(old.headers)), \(text(new.headers)),
        \(bytes(old.body)), \(bytes(new.body)) from l
      """)
  }

  /// What people did to a letter, the oldest first.
  static func changes(
    of id: UUID, on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [DeadLetterChange] {
    try await connection.query("select * from dead_letter_change where letter = \(id) order by id")
      .map { row throws(PostgresError) in try DeadLetterChange(row) }
  }
}
