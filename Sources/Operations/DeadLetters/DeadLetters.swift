internal import Engine
package import Identifiers
package import JSON
internal import Pipeline
package import PostgreSQL

/// What was given up on: looking at it, changing it, putting it away. Only rows are read and written here, nothing is
/// taken from a queue, so looking changes nothing; ``DeadLetterSweep`` brings the queues in line.
package struct DeadLetters: Sendable {
  /// Some of the dead letters.
  package struct Page: Sendable, Equatable {
    /// The newest first.
    package let letters: [DeadLetterSummary]
    /// Where to go on; nil if there are no more.
    package let next: DeadLetterCursor?

    /// For programs; what is not known is null.
    package var json: JSON {
      ["letters": .array(letters.map(\.json)), "next": .text(next?.description)]
    }
  }

  /// The most letters a page.
  package static let longestPage = 500
  /// The most events that are shown of what was tried.
  private static let attemptLimit = 200

  let library: Library

  package init(_ library: Library) { self.library = library }

  /// The letters that fit, newest first.
  ///
  /// - Parameters:
  ///   - cursor: where an earlier page ended; nil for the first page.
  ///   - limit: letters a page, 1 to ``longestPage``.
  package func list(
    _ filter: Filter = Filter(), after cursor: DeadLetterCursor? = nil, limit: Int = 50
  ) async throws(PostgresError) -> Page {
    let limit = min(max(limit, 1), Self.longestPage)
    var sql: SQL = "select \(DeadLetterSummary.columns) from dead_letter where \(filter.condition)"
    if let cursor { sql += " and (at, id) < (\(cursor.at), \(cursor.id))" }
    sql += " order by at desc, id desc limit \(Int64(limit + 1))"
    let letters = try await library.client.query(sql).map { row throws(PostgresError) in try DeadLetterSummary(row) }
    let shown = Array(letters.prefix(limit))
    return Page(letters: shown, next: letters.count > limit ? shown.last.map(DeadLetterCursor.init(after:)) : nil)
  }

  /// Everything about one letter.
  ///
  /// - Throws: ``OperationError/unknownDeadLetter(_:)``, or the database's error.
  package func show(_ id: UUID) async throws(OperationError) -> DeadLetterReport {
    let report: DeadLetterReport?
    do throws(PostgresError) {
      report = try await library.client.reading { transaction throws(PostgresError) in
        try await read(id, on: transaction)
      }
    } catch { throw .database(error) }
    guard let report else { throw .unknownDeadLetter(id) }
    return report
  }

  private func read(_ letter: UUID, on connection: PostgresTransaction) async throws(PostgresError) -> DeadLetterReport?
  {
    guard let row = try await connection.query("select * from dead_letter where id = \(letter)").first else {
      return nil
    }
    let summary = try DeadLetterSummary(row)
    var attempts: [RunEvent] = []
    var asset: AssetReport?
    if let id = summary.asset {
      attempts = try await RunEvent.read(of: id, stage: summary.stage, limit: Self.attemptLimit, on: connection)
      asset = try await AssetReport.read(id, of: library, on: connection)
    }
    var media: DeadLetterMedia?
    if let asset { media = try await DeadLetterMedia.read(asset, stage: summary.stage, on: connection) }
    return DeadLetterReport(
      summary: summary, headers: try row.json("headers"),
      body: DeadLetterBody(
        decoding: try row["body", as: [UInt8].self], now: Timestamp.now.millisecondsSince1970),
      detail: try row["detail", as: String?.self], build: try row["build", as: String.self], attempts: attempts,
      asset: asset, media: media, changes: try await Self.changes(of: letter, on: connection))
  }
}
