package import Identifiers
package import JSON
internal import PostgreSQL

/// Which process worked.
package struct WorkerName: Sendable, Equatable {
  package let id: UUID
  /// Nil where the worker is long gone and forgotten.
  package let host: String?
  package let processID: Int64?

  /// For programs; what is not known is null.
  package var json: JSON {
    ["id": .string(id.description), "host": .text(host), "processId": .integer(orNull: processID)]
  }

  /// Reads the columns `worker`, `host` and `process_id`; nil where no worker is named.
  init?(_ row: PostgresRow) throws(PostgresError) {
    guard let id = try row["worker", as: UUID?.self] else { return nil }
    self.id = id
    host = try row["host", as: String?.self]
    processID = try row["process_id", as: Int64?.self]
  }
}

extension WorkerName: CustomStringConvertible {
  /// `host/1234`, or the id where that is not known any more.
  package var description: String {
    guard let host, let processID else { return id.description }
    return "\(host)/\(processID)"
  }
}
