internal import Engine
package import JSON
internal import Pipeline
internal import PostgreSQL

internal import struct FoundationEssentials.Data

extension DeadLetters {
  /// Hands out all letters that fit, the oldest first, as they are at one moment. Some rows are in memory at a time.
  ///
  /// - Parameter body: gets each letter as JSON: what a list shows, with headers, body, detail and build. A body that is
  ///   no UTF-8 is there as `bodyBase64`.
  /// - Throws: what `body` throws, or a ``PostgresError``.
  package func export(_ filter: Filter, _ body: (JSON) async throws -> Void) async throws {
    do {
      try await library.client.withTransaction(isolation: .repeatableRead, isReadOnly: true) { transaction in
        let sql: SQL = "select * from dead_letter where \(filter.condition) order by at, id"
        for try await row in transaction.stream(sql, rowsPerFetch: 200) { try await body(Self.json(row)) }
      }
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw error
      case .body(let error, _, _): throw error
      }
    }
  }

  private static func json(_ row: PostgresRow) throws(PostgresError) -> JSON {
    var members = try DeadLetterSummary(row).members
    members["headers"] = try row.json("headers")
    members["detail"] = .text(try row["detail", as: String?.self])
    members["build"] = .string(try row["build", as: String.self])
    let bytes = try row["body", as: [UInt8].self]
    if let text = String(validating: bytes, as: UTF8.self) {
      members["body"] = .string(text)
    } else {
      members["bodyBase64"] = .string(Data(bytes).base64EncodedString())
    }
    return .object(members)
  }
}
